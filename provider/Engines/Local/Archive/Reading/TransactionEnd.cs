namespace PgFleet.Engines.Local.Archive.Reading;

/// <summary>The end of a transaction.</summary>
/// <param name="At">By the server's clock, just before the record was written; whole microseconds.</param>
internal readonly record struct TransactionEnd(Lsn Position, uint Transaction, DateTimeOffset At, bool IsCommit)
{
    private const int OperationMask = 0x70;

    /// <remarks>PostgreSQL, access/xact.h: COMMIT, ABORT, COMMIT PREPARED and ABORT PREPARED begin with their time.</remarks>
    private enum Operation
    {
        Commit = 0x00,
        Abort = 0x20,
        CommitPrepared = 0x30,
        AbortPrepared = 0x40,
    }

    /// <summary>Null when the record is of another kind.</summary>
    public static TransactionEnd? Find(WalRecord record)
    {
        var operation = (Operation)(record.Info & OperationMask);
        return record.Manager == ResourceManager.Transactions && Enum.IsDefined(operation)
            ? new(record.Start, record.Transaction, PostgresTime.Read(record.Data), operation is Operation.Commit or Operation.CommitPrepared)
            : null;
    }
}
