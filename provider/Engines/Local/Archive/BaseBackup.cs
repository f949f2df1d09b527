using System.Globalization;
using System.Text.Json.Serialization;
using PgFleet.Engines.Local.Archive.Reading;

namespace PgFleet.Engines.Local.Archive;

/// <summary>backup.json: one finished, verified base backup.</summary>
internal sealed record BaseBackup : IFormatted
{
    public int Format { get; init; } = 1;

    /// <summary>The name of its folder.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>By the server's clock, after the backup's last WAL record: from then on every instant can be restored.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    public required Lsn StartLsn { get; init; }

    /// <summary>Replay has to reach this before the data is consistent.</summary>
    public required Lsn StopLsn { get; init; }

    /// <summary>The name of the first WAL file that a recovery from this backup reads.</summary>
    public required string StartSegment { get; init; }

    public required uint Timeline { get; init; }

    /// <summary>Such as "15.18".</summary>
    public required string ServerVersion { get; init; }

    public required string SystemIdentifier { get; init; }

    /// <summary>Size of the copied files together.</summary>
    public required long Bytes { get; init; }

    /// <summary>With which a recovery from it has to begin.</summary>
    public required ReplayLimits Limits { get; init; }

    [JsonIgnore]
    public int MajorVersion => int.Parse(ServerVersion.AsSpan(0, 2), CultureInfo.InvariantCulture);
}
