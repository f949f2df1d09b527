using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>What a copy was made from, and how far it is to be replayed.</summary>
internal sealed record RestorePoint : IFormatted
{
    public int Format { get; init; } = 1;

    /// <summary>The instant that was asked for; for the latest, the one that it came to.</summary>
    public required DateTimeOffset Instant { get; init; }

    /// <summary>Name of the base backup.</summary>
    public required string Backup { get; init; }

    /// <summary>The timeline that is replayed.</summary>
    public required uint Timeline { get; init; }

    public required long SegmentSize { get; init; }

    /// <summary>Where replay begins.</summary>
    public required Lsn Start { get; init; }

    /// <summary>Where the last record to be replayed begins.</summary>
    public required Lsn Target { get; init; }

    /// <summary>When the last commit up to the target was made; the backup's end when there is none.</summary>
    public required DateTimeOffset RestoredTo { get; init; }

    public required ReplayLimits Limits { get; init; }

    /// <summary>What the user should know of how the position was found.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }
}
