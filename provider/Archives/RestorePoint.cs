using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>What a copy was made from, and the position up to which it is to be replayed.</summary>
internal sealed record RestorePoint : IFormatted
{
    public int Format { get; init; } = 1;

    /// <summary>The requested instant; for the latest state, the instant that it resolved to.</summary>
    public required DateTimeOffset Instant { get; init; }

    /// <summary>Name of the base backup.</summary>
    public required string Backup { get; init; }

    /// <summary>The timeline that is replayed.</summary>
    public required uint Timeline { get; init; }

    public required long SegmentSize { get; init; }

    /// <summary>The position where replay starts.</summary>
    public required Lsn Start { get; init; }

    /// <summary>The start of the last record to replay.</summary>
    public required Lsn Target { get; init; }

    /// <summary>The time of the last commit up to the target; the backup's end when there is none.</summary>
    public required DateTimeOffset RestoredTo { get; init; }

    public required ReplayLimits Limits { get; init; }

    /// <summary>Warnings for the user about how the target was found.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
