using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>What a server shall be: policy, which holds wherever it runs, and its placement. An engine fills in what is null when it creates, and keeps it from then on.</summary>
internal sealed record ServerSpec
{
    /// <summary>Unique in the engine: 3 to 16 of a-z, 0-9 and _.</summary>
    public required string Name { get; init; }

    /// <summary>The login role that the user gets; never a superuser. Null with an <see cref="Origin"/>: the role that the restored server has.</summary>
    public string? Username { get; init; }

    /// <summary>Only on the way in; null in what an engine gives back, and in a spec that leaves the password as it is.</summary>
    public Secret? Password { get; init; }

    /// <summary>Major version, such as "15"; null: the newest found when the server is made.</summary>
    public string? PostgresVersion { get; init; }

    /// <summary>postgresql.conf parameters that are managed, by name.</summary>
    public ImmutableSortedDictionary<string, string> Parameters { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required BackupPolicy Backup { get; init; }

    /// <summary>Where it runs and can be reached.</summary>
    public HostPlacement Placement { get; init; } = new();

    /// <summary>The Pulumi resource that asks for it, as a URN; null: nobody, or one of Terraform's.</summary>
    public string? Urn { get; init; }

    /// <summary>Whether it is not to be deleted; null: as before.</summary>
    public bool? Protected { get; init; }

    /// <summary>What the server is restored from; null: it begins empty. It counts when the server is made, and never again.</summary>
    public RestoreOrigin? Origin { get; init; }
}

/// <summary>The state of another server at an instant.</summary>
/// <param name="Source">Its name, or <c>name@</c> and the beginning of its identity: living or deleted.</param>
/// <param name="Instant">Whole microseconds; null: the latest that can be reached.</param>
internal sealed record RestoreOrigin(string Source, DateTimeOffset? Instant)
{
    /// <summary>The refusal to take a server for a restored one that is none.</summary>
    public static ResourceFailure NoneFailure(string server) => new(
        FailureKind.Refused, $"Instance \"{server}\" was not restored from another.", $"Import it as what it is: pulumi import pgfleet:index:DatabaseInstance {server} {server}");
}

/// <summary>What is kept of a server so that a point in time can be restored, wherever it is kept.</summary>
/// <param name="Retention">How far back a restore shall be possible.</param>
/// <param name="Interval">The age at which the newest base backup is followed by another.</param>
/// <param name="ArchiveTimeout">At most this much of an active server's work is not yet archived; whole seconds.</param>
/// <param name="OnDelete">What becomes of it when the server is deleted.</param>
internal sealed record BackupPolicy(TimeSpan Retention, TimeSpan Interval, TimeSpan ArchiveTimeout, ArchiveOnDelete OnDelete = ArchiveOnDelete.Keep);

/// <summary>The place of a server that runs on a host: all that another kind of place has no use for.</summary>
internal sealed record HostPlacement
{
    /// <summary>TCP port; null: a free one, chosen when the server is made.</summary>
    public int? Port { get; init; }

    public ImmutableArray<string> ListenAddresses { get; init; } = ["127.0.0.1"];

    /// <summary>CIDR networks that may log in over TLS; null: this machine alone.</summary>
    public ImmutableArray<string>? ClientNetworks { get; init; }

    /// <summary>Absolute path of a folder that holds the archive; null: inside the engine's home.</summary>
    public string? ArchiveDirectory { get; init; }
}
