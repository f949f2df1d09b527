namespace PgFleet.Archives;

/// <summary>conf/archive.json: everything that the archive program knows about its server. Contains no secret.</summary>
internal sealed record ArchiveConfig : IFormatted
{
    public int Format { get; init; } = 1;

    /// <summary>The server's random identity, which its archive stores too.</summary>
    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public required string ArchiveDirectory { get; init; }

    public required string SocketDirectory { get; init; }

    public required int Port { get; init; }

    public required string DataDirectory { get; init; }

    public required long RetentionSeconds { get; init; }

    /// <summary>The age of the newest base backup at which another one is due.</summary>
    public required long IntervalSeconds { get; init; }

    /// <summary>In pg_controldata's format: decimal. A string, because it exceeds the integers that JSON numbers represent exactly.</summary>
    public required string SystemIdentifier { get; init; }

    public static ArchiveConfig Read(string path) => ArchiveJson.Read(path, ArchiveJson.Default.ArchiveConfig);
}
