using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres;

namespace PgFleet.Engines.Local.Instances;

/// <summary>The progress of a server's creation. Each state is written once the preceding steps are durable.</summary>
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

/// <summary>What the registry records about a server. Contains no secret, not even the password's verifier.</summary>
internal sealed record ServerRecord
{
    /// <summary>The format written, and the newest format that this program reads.</summary>
    public const int CurrentFormat = 2;

    public required int Format { get; init; }

    public required RecordState State { get; init; }

    public required string Name { get; init; }

    /// <summary>Distinguishes instances of one name; identifies the owner of the archive.</summary>
    public required Guid InstanceId { get; init; }

    /// <summary>Identifies the server in a state. New for every server and every copy, and when a creation takes over an unfinished one.</summary>
    public Guid Identity { get; init; }

    /// <summary>The URN of the Pulumi resource that created it or changed it last; null for Terraform's, or an earlier version's.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Urn { get; init; }

    /// <summary>A hash of the creation request; null if an earlier version wrote the record.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Asked { get; init; }

    /// <summary>Deletion protection as last applied; null if an earlier version wrote the record.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Protected { get; init; }

    public required string Username { get; init; }

    /// <summary>The major version.</summary>
    public required string PostgresVersion { get; init; }

    /// <summary>The full version of the programs that started it last.</summary>
    public required string ServerVersion { get; init; }

    public required int Port { get; init; }

    public required ImmutableArray<string> ListenAddresses { get; init; }

    public required ImmutableArray<string>? ClientNetworks { get; init; }

    public required ImmutableSortedDictionary<string, string> Parameters { get; init; }

    public required BackupRecord Backup { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>PostgreSQL's system identifier, in decimal; null until the data exists.</summary>
    public required string? SystemIdentifier { get; init; }

    /// <summary>The login role's OID, which identifies it after a change of its name; null until the role exists.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public uint? LoginRole { get; init; }

    /// <summary>What it was restored from; null if it was created empty.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public OriginRecord? Origin { get; init; }

    /// <summary>A person stopped it: only a person, or a change of the instance, starts it again.</summary>
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

    /// <summary>The record of a new server.</summary>
    /// <param name="spec">The request.</param>
    /// <param name="source">The server it is restored from; null: it is created empty.</param>
    /// <param name="major">PostgreSQL's major version.</param>
    /// <param name="version">PostgreSQL's full version.</param>
    /// <param name="port">The chosen port.</param>
    /// <param name="now">The time of creation.</param>
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

    /// <summary>Converts to the current format. In format 1, a server's identity was that of its archive.</summary>
    public ServerRecord Upgraded() => this with { Format = CurrentFormat, Identity = Identity == Guid.Empty ? InstanceId : Identity };

    /// <summary>The resource type that it is, or can be imported as.</summary>
    [JsonIgnore]
    public string ResourceKind => Origin is null ? "DatabaseInstance" : "RestoredInstance";

    /// <summary>All parameters in postgresql.conf: the declared ones, over those of the restored source.</summary>
    [JsonIgnore]
    public ImmutableSortedDictionary<string, string> EffectiveParameters => Origin is null ? Parameters : ManagedParameters.Without(Origin.Parameters).SetItems(Parameters);

    /// <summary>The archive's folder, for a server whose own folder is at <paramref name="paths"/>.</summary>
    public string ArchiveIn(InstancePaths paths) => Backup.Directory is { } elsewhere ? Path.Combine(elsewhere, $"{Name}-{InstanceId}") : paths.Archive;

    /// <summary>Applies a spec. Values that were chosen stay where the spec leaves them open.</summary>
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

    /// <summary>True if the spec changes nothing that is fixed at creation.</summary>
    public bool IsFixed(ServerSpec spec) =>
        (spec.PostgresVersion is null || spec.PostgresVersion == PostgresVersion) && IsSameFolder(spec.Placement.ArchiveDirectory, Backup.Directory);

    private static bool IsSameFolder(string? one, string? other) =>
        one is null || other is null ? one == other : Path.TrimEndingDirectorySeparator(Path.GetFullPath(one)) == Path.TrimEndingDirectorySeparator(Path.GetFullPath(other));

    /// <exception cref="ResourceFailure">The spec changes something that is fixed.</exception>
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
    /// True if the requester is the one that began the creation: the same Pulumi resource, even if its request has changed, or another program with the same
    /// request. For a record of an earlier version it is not known, and true.
    /// </summary>
    public bool IsBegunBy(ServerSpec spec) =>
        Asked is null || (Urn is null && spec.Urn is null ? Asked == HashOf(spec) : Urn == spec.Urn);

    /// <summary>A hash of the request without secrets.</summary>
    public static string HashOf(ServerSpec spec) => Convert.ToHexStringLower(SHA256.HashData(
        JsonSerializer.SerializeToUtf8Bytes(spec with { Password = null, Urn = null, Protected = null }, LocalJson.Default.ServerSpec)));

    /// <exception cref="ResourceFailure">The spec is for a restored server, but this one is complete and was not restored.</exception>
    public void RequireRestoredFor(ServerSpec spec)
    {
        if (State == RecordState.Available && spec.Origin is not null && Origin is null)
        {
            throw RestoreOrigin.NoneFailure(Name);
        }
    }

    /// <exception cref="ResourceFailure">Another requester began it.</exception>
    public void RequireBegunBy(ServerSpec spec)
    {
        if (!IsBegunBy(spec))
        {
            throw InstanceFailures.BegunByAnotherFailure(this);
        }
    }

    /// <exception cref="ResourceFailure">It is complete, and was protected when it was changed last.</exception>
    public void RequireUnprotected()
    {
        if (State == RecordState.Available && Protected == true)
        {
            throw Protection.Refusal(Name);
        }
    }

    /// <exception cref="ResourceFailure">Its creation was interrupted.</exception>
    public ServerRecord RequireFinished() => State == RecordState.Available
        ? this
        : throw new ResourceFailure(FailureKind.Unavailable, $"Instance \"{Name}\" is unfinished: its creation was interrupted.", "Run the creation again: it goes on from there.");
}
