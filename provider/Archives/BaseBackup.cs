using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>backup.json: one finished, verified base backup.</summary>
internal sealed record BaseBackup : IFormatted
{
    /// <summary>Of its name: when it began, in UTC.</summary>
    public const string NameFormat = "yyyyMMdd'T'HHmmssfff'Z'";

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

    /// <summary>What came of the look into its pages; null: nobody has looked yet, and it does not count when older ones are pruned.</summary>
    public PageCheck? Check { get; init; }

    [JsonIgnore]
    public bool IsGood => Check is { Damage: null };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ArchiveJson.Default.BaseBackup);

    /// <summary>Why the description is none of a backup of that server; null when it is.</summary>
    /// <remarks>A file may hold null where it must not: JSON's reader does not ask.</remarks>
    /// <param name="systemIdentifier">Null: of any server.</param>
    public string? FindFault(string? systemIdentifier) =>
        Limits is null || ServerVersion is not { Length: >= 2 } version || !int.TryParse(version.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "it is incomplete"
        : StartSegment is null || !WalSegment.IsSegment(StartSegment) || StopLsn.CompareTo(StartLsn) < 0 ? $"its WAL is said to begin in \"{StartSegment}\" at {StartLsn} and to end at {StopLsn}"
        : systemIdentifier is not null && SystemIdentifier != systemIdentifier ? $"it is of the server with system identifier {SystemIdentifier}"
        : null;

    [JsonIgnore]
    public int MajorVersion => int.Parse(ServerVersion.AsSpan(0, 2), CultureInfo.InvariantCulture);
}

/// <summary>What a look into a backup's pages found.</summary>
/// <param name="At">When it was done.</param>
/// <param name="Damage">Which pages a recovery from it would bring back damaged; null: none.</param>
internal sealed record PageCheck(DateTimeOffset At, string? Damage);
