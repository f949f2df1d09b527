using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Restore;

/// <summary>The position at which replay from a base backup must stop to reach the state at an instant.</summary>
internal sealed record Resolution
{
    /// <summary>The start of the last record to replay.</summary>
    public required Lsn Target { get; init; }

    public required Lsn TargetEnd { get; init; }

    /// <summary>The last commit that is replayed; null when there is none since the backup's start.</summary>
    public required TransactionEnd? Reached { get; init; }

    /// <summary>The first change that is not replayed, because it is later; null at the end of the WAL.</summary>
    public required TransactionEnd? Later { get; init; }

    /// <summary>A change after <see cref="Later"/> whose time is not later than the instant: commit times ran backwards.</summary>
    public required TransactionEnd? OutOfOrderCommit { get; init; }

    /// <summary>The latest instant that the WAL is known to reach.</summary>
    public required DateTimeOffset Reachable { get; init; }

    /// <summary>The position where reading ended.</summary>
    public required Lsn End { get; init; }

    /// <summary>Why reading ended although the server wrote more WAL; null when it did not, or when the WAL was not read to its end.</summary>
    public required WalBreak? Break { get; init; }

    /// <summary>The first record that creates or removes a tablespace; null when there is none.</summary>
    public required TablespaceMark? Tablespace { get; init; }

    /// <summary>The first change after <see cref="Tablespace"/>.</summary>
    public required TransactionEnd? AfterTablespace { get; init; }

    public required ReplayLimits Limits { get; init; }

    /// <summary>Where replay removes files of a database whose drop has not been committed at the target; null when there is no such drop.</summary>
    public required Lsn? Removed { get; init; }
}
