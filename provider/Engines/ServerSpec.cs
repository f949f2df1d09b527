using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>
/// The desired state of a server: its policy, which holds wherever it runs, and its placement. An engine chooses values for what is null when it creates the
/// server, and keeps them from then on.
/// </summary>
internal sealed record ServerSpec
{
    /// <summary>The name, unique in the engine: 3 to 16 of a-z, 0-9 and _.</summary>
    public required string Name { get; init; }

    /// <summary>The user's login role, never a superuser. Null with an <see cref="Origin"/>: the role of the restored server.</summary>
    public string? Username { get; init; }

    /// <summary>The password. Null in what an engine returns, and in a spec that leaves the password unchanged.</summary>
    public Secret? Password { get; init; }

    /// <summary>The major version, such as "15"; null: the newest installed when the server is created.</summary>
    public string? PostgresVersion { get; init; }

    /// <summary>The managed parameters of postgresql.conf, by name.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required BackupPolicy Backup { get; init; }

    /// <summary>Where the server runs and listens.</summary>
    public HostPlacement Placement { get; init; } = new();

    /// <summary>The Pulumi URN of the resource; null outside a resource, and for Terraform.</summary>
    public string? Urn { get; init; }

    /// <summary>True if the server must not be deleted; null: unchanged.</summary>
    public bool? Protected { get; init; }

    /// <summary>What the server is restored from; null: it is created empty. Used only when the server is created.</summary>
    public RestoreOrigin? Origin { get; init; }
}

/// <summary>The source of a restore: the state of another server at an instant.</summary>
/// <param name="Source">Its name, or <c>name@</c> and the beginning of its identity; the server may be deleted.</param>
/// <param name="Instant">The instant, in whole microseconds; null: the latest recoverable one.</param>
internal sealed record RestoreOrigin(string Source, DateTimeOffset? Instant)
{
    /// <summary>The refusal to import a server as restored that was not restored.</summary>
    public static ResourceFailure NoneFailure(string server) => new(
        FailureKind.Refused, $"Instance \"{server}\" was not restored from another.", $"Import it as what it is: {Term.Import("DatabaseInstance", server, server)}");
}

/// <summary>What is archived of a server for point-in-time recovery, regardless of the place.</summary>
/// <param name="Retention">How far back it can be restored.</param>
/// <param name="Interval">The age of the newest base backup at which the next one is taken.</param>
/// <param name="ArchiveTimeout">The longest time until the WAL of an active server is archived, in whole seconds.</param>
/// <param name="OnDelete">Whether the archive is kept when the server is deleted.</param>
internal sealed record BackupPolicy(TimeSpan Retention, TimeSpan Interval, TimeSpan ArchiveTimeout, ArchiveOnDelete OnDelete = ArchiveOnDelete.Keep);

/// <summary>The placement of a server on a host; other kinds of placement have none of these settings.</summary>
internal sealed record HostPlacement
{
    /// <summary>The TCP port; null: a free one, chosen when the server is created.</summary>
    public int? Port { get; init; }

    public ImmutableArray<string> ListenAddresses { get; init; } = ["127.0.0.1"];

    /// <summary>CIDR networks whose hosts may log in over TLS; null: this machine only.</summary>
    public ImmutableArray<string>? ClientNetworks { get; init; }

    /// <summary>The absolute path of the archive's folder; null: inside the engine's home.</summary>
    public string? ArchiveDirectory { get; init; }
}
