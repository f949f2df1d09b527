using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>backup.json: a finished, verified base backup.</summary>
internal sealed record BaseBackup : IFormatted
{
    /// <summary>Format of a backup's name: its start time in UTC.</summary>
    public const string NameFormat = "yyyyMMdd'T'HHmmssfff'Z'";

    public int Format { get; init; } = 1;

    /// <summary>The name of its folder.</summary>
    [JsonIgnore]
    public string Name { get; init; } = "";

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>The server's clock after the backup's last WAL record: every later instant can be restored.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    public required Lsn StartLsn { get; init; }

    /// <summary>The position that replay must reach before the data is consistent.</summary>
    public required Lsn StopLsn { get; init; }

    /// <summary>The name of the first WAL file that a recovery from this backup reads.</summary>
    public required string StartSegment { get; init; }

    public required uint Timeline { get; init; }

    /// <summary>Such as "15.18".</summary>
    public required string ServerVersion { get; init; }

    public required string SystemIdentifier { get; init; }

    /// <summary>The total size of the copied files.</summary>
    public required long Bytes { get; init; }

    /// <summary>The limits that a recovery from it must start with.</summary>
    public required ReplayLimits Limits { get; init; }

    /// <summary>The result of its page check; null when it has not been checked yet. An unchecked backup does not count for the expiry of older ones.</summary>
    public PageCheck? Check { get; init; }

    [JsonIgnore]
    public bool IsGood => Check is { Damage: null };

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, ArchiveJson.Default.BaseBackup);

    /// <summary>
    /// Explains why the description is not that of a valid backup of the server; null when it is. A null <paramref name="systemIdentifier"/> accepts any
    /// server.
    /// </summary>
    /// <remarks>JSON's reader accepts null for properties that are not nullable, so they are checked here.</remarks>
    public string? FindFault(string? systemIdentifier) =>
        Limits is null || ServerVersion is not { Length: >= 2 } version || !int.TryParse(version.AsSpan(0, 2), NumberStyles.None, CultureInfo.InvariantCulture, out _) ? "it is incomplete"
        : StartSegment is null || !WalSegment.IsSegment(StartSegment) || StopLsn.CompareTo(StartLsn) < 0 ? $"its WAL is said to begin in \"{StartSegment}\" at {StartLsn} and to end at {StopLsn}"
        : systemIdentifier is not null && SystemIdentifier != systemIdentifier ? $"it is of the server with system identifier {SystemIdentifier}"
        : null;

    [JsonIgnore]
    public int MajorVersion => int.Parse(ServerVersion.AsSpan(0, 2), CultureInfo.InvariantCulture);
}

/// <summary>The result of a backup's page check.</summary>
/// <param name="At">When it was done.</param>
/// <param name="Damage">The pages that a recovery from the backup would restore damaged; null: none.</param>
internal sealed record PageCheck(DateTimeOffset At, string? Damage);
