using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Restore;

/// <summary>Where replay from a base backup has to stop for the state at an instant.</summary>
internal sealed record Resolution
{
    /// <summary>The last record to replay.</summary>
    public required Lsn Target { get; init; }

    public required Lsn TargetEnd { get; init; }

    /// <summary>The last commit that is replayed; null when there is none since the backup began.</summary>
    public required TransactionEnd? Reached { get; init; }

    /// <summary>The first change that is not, because it is later; null at the end of the WAL.</summary>
    public required TransactionEnd? Later { get; init; }

    /// <summary>A change that lies beyond <see cref="Later"/>, though its time is not later than the instant: the times ran backwards.</summary>
    public required TransactionEnd? OutOfOrderCommit { get; init; }

    /// <summary>The latest instant that the WAL is known to reach.</summary>
    public required DateTimeOffset Reachable { get; init; }

    /// <summary>Where the reading ended.</summary>
    public required Lsn End { get; init; }

    /// <summary>Why it ended there, though the WAL went on; null when it did not, or was not read to its end.</summary>
    public required WalBreak? Break { get; init; }

    /// <summary>The first tablespace that is made or removed; null when none is.</summary>
    public required TablespaceMark? Tablespace { get; init; }

    /// <summary>The first change after that.</summary>
    public required TransactionEnd? AfterTablespace { get; init; }

    public required ReplayLimits Limits { get; init; }

    /// <summary>Since when files of a database are gone whose drop has not been committed at the target; null when all are there.</summary>
    public required Lsn? Removed { get; init; }
}
