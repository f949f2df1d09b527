namespace PgFleet.Archives;

/// <summary>conf/archive.json: all that the archive's programs know of their server. Holds no secret.</summary>
internal sealed record ArchiveConfig : IFormatted
{
    public int Format { get; init; } = 1;

    /// <summary>The server's own random identity, which its archive carries too.</summary>
    public required string InstanceId { get; init; }

    public required string Name { get; init; }

    public required string ArchiveDirectory { get; init; }

    public required string SocketDirectory { get; init; }

    public required int Port { get; init; }

    public required string DataDirectory { get; init; }

    public required long RetentionSeconds { get; init; }

    /// <summary>The age at which the newest base backup is followed by another.</summary>
    public required long IntervalSeconds { get; init; }

    /// <summary>As pg_controldata prints it: decimal. A string, because JSON's numbers are too small for it.</summary>
    public required string SystemIdentifier { get; init; }

    public static ArchiveConfig Read(string path) => ArchiveJson.Read(path, ArchiveJson.Default.ArchiveConfig);
}
