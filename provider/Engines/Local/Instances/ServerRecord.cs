using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres;

namespace PgFleet.Engines.Local.Instances;

/// <summary>How far the making of a server has come. Each is written when what it follows is durable.</summary>
internal enum RecordState
{
    [JsonStringEnumMemberName("building")]
    Building,

    [JsonStringEnumMemberName("recovering")]
    Recovering,

    [JsonStringEnumMemberName("starting")]
    Starting,

    [JsonStringEnumMemberName("securing")]
    Securing,

    [JsonStringEnumMemberName("backup-pending")]
    BackupPending,

    [JsonStringEnumMemberName("available")]
    Available,
}

/// <summary>What the registry knows of a server. Holds no secret: not even the password's verifier.</summary>
internal sealed record ServerRecord
{
    /// <summary>The newest format that this program reads, and the one it writes.</summary>
    public const int CurrentFormat = 2;

    public required int Format { get; init; }

    public required RecordState State { get; init; }

    public required string Name { get; init; }

    /// <summary>Tells two instances apart that bore one name: what the archive's owner is known by.</summary>
    public required Guid InstanceId { get; init; }

    /// <summary>What a state means by this server. New for every server and every copy, and when a creation takes up what another one had begun.</summary>
    public Guid Identity { get; init; }

    /// <summary>The Pulumi resource that made it, or changed it last, as a URN; null: Terraform's, or an earlier version's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Urn { get; init; }

    /// <summary>A hash of what the creation asked for that began it; null where an earlier version wrote it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Asked { get; init; }

    /// <summary>Whether it is protected from deletion, as it was applied last; null where an earlier version wrote it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Protected { get; init; }

    public required string Username { get; init; }

    /// <summary>Major version.</summary>
    public required string PostgresVersion { get; init; }

    /// <summary>Full version of the programs that last started it.</summary>
    public required string ServerVersion { get; init; }

    public required int Port { get; init; }

    public required ImmutableArray<string> ListenAddresses { get; init; }

    public required ImmutableArray<string>? ClientNetworks { get; init; }

    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    public required BackupRecord Backup { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>PostgreSQL's identifier of the data, in decimal; null until there are data.</summary>
    public required string? SystemIdentifier { get; init; }

    /// <summary>PostgreSQL's identifier of the login role, by which it is known whatever its name was when; null until there is one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public uint? LoginRole { get; init; }

    /// <summary>What it was restored from; null when it began empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OriginRecord? Origin { get; init; }

    /// <summary>A person stopped it, so that nothing but a person, or a change of it, starts it again.</summary>
    public required bool StoppedByUser { get; init; }

    [JsonIgnore]
    public ServerSpec Spec => new()
    {
        Name = Name,
        Username = Username,
        PostgresVersion = PostgresVersion,
        Parameters = Parameters,
        Backup = Backup.Policy,
        Placement = new() { Port = Port, ListenAddresses = ListenAddresses, ClientNetworks = ClientNetworks, ArchiveDirectory = Backup.Directory },
        Origin = Origin?.Asked,
        Urn = Urn,
        Protected = Protected,
    };

    /// <summary>A server of which nothing is made yet.</summary>
    /// <param name="source">What it is restored from; null: it begins empty.</param>
    /// <param name="major">PostgreSQL's version, and the full one after it.</param>
    public static ServerRecord Begun(ServerSpec spec, ServerRecord? source, string major, string version, int port, DateTimeOffset now) => new()
    {
        Format = CurrentFormat,
        State = RecordState.Building,
        Name = spec.Name,
        InstanceId = Guid.NewGuid(),
        Identity = Guid.NewGuid(),
        Urn = spec.Urn,
        Asked = HashOf(spec),
        Protected = spec.Protected,
        Username = spec.Username ?? source!.Username,
        PostgresVersion = major,
        ServerVersion = version,
        Port = port,
        ListenAddresses = spec.Placement.ListenAddresses,
        ClientNetworks = spec.Placement.ClientNetworks,
        Parameters = spec.Parameters,
        Backup = BackupRecord.Of(spec),
        CreatedAt = now,
        SystemIdentifier = null,
        StoppedByUser = false,
        LoginRole = source?.LoginRole,
        Origin = source is null ? null : new() { Source = spec.Origin!.Source, SourceId = source.InstanceId, Instant = spec.Origin.Instant, Parameters = source.EffectiveParameters },
    };

    /// <summary>As this version writes it. Of format 1, a server's identity is that of its archive.</summary>
    public ServerRecord Upgraded() => this with { Format = CurrentFormat, Identity = Identity == Guid.Empty ? InstanceId : Identity };

    /// <summary>The resource that it is, or can be imported as.</summary>
    [JsonIgnore]
    public string ResourceKind => Origin is null ? "DatabaseInstance" : "RestoredInstance";

    /// <summary>Everything that is set in postgresql.conf: what was declared, over what came with a restore.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, string> EffectiveParameters => Origin is null ? Parameters : ManagedParameters.Without(Origin.Parameters).SetItems(Parameters);

    /// <param name="paths">Where the server's own folder lies.</param>
    public string ArchiveIn(InstancePaths paths) => Backup.Directory is { } elsewhere ? Path.Combine(elsewhere, $"{Name}-{InstanceId}") : paths.Archive;

    /// <summary>The same server as <paramref name="spec"/> wants it. What was chosen stays where the spec leaves it open.</summary>
    public ServerRecord With(ServerSpec spec) => this with
    {
        Username = spec.Username ?? Username,
        Port = spec.Placement.Port ?? Port,
        ListenAddresses = spec.Placement.ListenAddresses,
        ClientNetworks = spec.Placement.ClientNetworks,
        Parameters = spec.Parameters,
        Backup = IsSameFolder(spec.Placement.ArchiveDirectory, Backup.Directory) ? BackupRecord.Of(spec) with { Directory = Backup.Directory } : BackupRecord.Of(spec),
        Urn = spec.Urn ?? Urn,
        Protected = spec.Protected ?? Protected,
    };

    /// <summary>Whether the spec leaves alone what is settled when the data are made.</summary>
    public bool IsFixed(ServerSpec spec) =>
        (spec.PostgresVersion is null || spec.PostgresVersion == PostgresVersion) && IsSameFolder(spec.Placement.ArchiveDirectory, Backup.Directory);

    private static bool IsSameFolder(string? one, string? other) =>
        one is null || other is null ? one == other : Path.TrimEndingDirectorySeparator(Path.GetFullPath(one)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));

    /// <exception cref="ResourceFailure">It does not.</exception>
    public void RequireFixed(ServerSpec spec)
    {
        if (spec.PostgresVersion is { } version && version != PostgresVersion)
        {
            throw InstanceFailures.UpgradeFailure(Name, PostgresVersion, version);
        }
        if (!IsFixed(spec))
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The archive of instance \"{Name}\" is in \"{Backup.Directory ?? "its home"}\" and does not move to \"{spec.Placement.ArchiveDirectory ?? "its home"}\".",
                "Leave backup.directory as it is, or replace the instance.");
        }
    }

    /// <summary>
    /// Whether the same asks again: the same resource of Pulumi's, whatever it asks for by now, or another program that asks for the same. Of what an
    /// earlier version began nobody knows.
    /// </summary>
    public bool IsBegunBy(ServerSpec spec) =>
        Asked is null || (Urn is null && spec.Urn is null ? Asked == HashOf(spec) : Urn == spec.Urn);

    /// <summary>Of all that is asked for but secrets.</summary>
    public static string HashOf(ServerSpec spec) => Convert.ToHexStringLower(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(spec with { Password = null, Urn = null, Protected = null }, LocalJson.Default.ServerSpec)));

    /// <exception cref="ResourceFailure">It is to be a restored server, and is finished and was not restored.</exception>
    public void RequireRestoredFor(ServerSpec spec)
    {
        if (State == RecordState.Available && spec.Origin is not null && Origin is null)
        {
            throw RestoreOrigin.NoneFailure(Name);
        }
    }

    /// <exception cref="ResourceFailure">Somebody else began it.</exception>
    public void RequireBegunBy(ServerSpec spec)
    {
        if (!IsBegunBy(spec))
        {
            throw InstanceFailures.BegunByAnotherFailure(this);
        }
    }

    /// <exception cref="ResourceFailure">It is finished, and was protected when it was changed last.</exception>
    public void RequireUnprotected()
    {
        if (State == RecordState.Available && Protected == true)
        {
            throw Protection.Refusal(Name);
        }
    }

    /// <exception cref="ResourceFailure">Its making was interrupted.</exception>
    public ServerRecord RequireFinished() => State == RecordState.Available
        ? this
        : throw new ResourceFailure(FailureKind.Unavailable, $"Instance \"{Name}\" is unfinished: its creation was interrupted.", "Run the creation again: it goes on from there.");
}
