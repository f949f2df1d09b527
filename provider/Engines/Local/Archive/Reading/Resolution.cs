namespace PgFleet.Engines.Local.Archive.Reading;

/// <summary>Where replay from a base backup has to stop for the state at an instant.</summary>
internal sealed record Resolution
{
    /// <summary>The last record to replay.</summary>
    public required Lsn Target { get; init; }

    public required Lsn TargetEnd { get; init; }

    /// <summary>The last commit that is replayed; null when there is none since the backup began.</summary>
    public required TransactionEnd? Reached { get; init; }

    /// <summary>The first commit that is not, because it is later; null at the end of the WAL.</summary>
    public required TransactionEnd? Later { get; init; }

    /// <summary>A commit that lies beyond <see cref="Later"/>, though its time is not later than the instant: commit times ran backwards.</summary>
    public required TransactionEnd? Straggler { get; init; }

    /// <summary>The latest instant that the WAL is known to reach.</summary>
    public required DateTimeOffset Reachable { get; init; }

    /// <summary>Where the reading ended.</summary>
    public required Lsn End { get; init; }

    public required ReplayLimits Limits { get; init; }

    /// <summary>Since when files of a database are gone whose drop has not been committed at the target; null when all are there.</summary>
    public required Lsn? Removed { get; init; }
}
