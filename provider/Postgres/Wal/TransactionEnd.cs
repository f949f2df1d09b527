namespace PgFleet.Postgres.Wal;

/// <summary>What becomes of a transaction: it ends, or it is prepared and outlives its session.</summary>
/// <param name="Transaction">Not told by what ends a prepared one.</param>
/// <param name="At">By the server's clock, just before the record was written; whole microseconds.</param>
internal readonly record struct TransactionEnd(Lsn Position, uint Transaction, DateTimeOffset At, TransactionEnd.Kind Became)
{
    private const int OperationMask = 0x70;

    /// <remarks>PostgreSQL, access/xact.h, the same from 14 to 18.</remarks>
    internal enum Kind
    {
        Committed = 0x00,
        Prepared = 0x10,
        Aborted = 0x20,
        PreparedCommitted = 0x30,
        PreparedAborted = 0x40,
    }

    public bool IsCommit => Became is Kind.Committed or Kind.PreparedCommitted;

    /// <summary>Whether something is there afterwards, or gone, that was not before: what is prepared holds its locks until somebody ends it.</summary>
    public bool IsChange => Became is not Kind.Aborted;

    /// <summary>Null when the record is of another kind.</summary>
    public static TransactionEnd? Find(WalRecord record)
    {
        var kind = (Kind)(record.Info & OperationMask);
        return record.Manager == ResourceManager.Transactions && Enum.IsDefined(kind)
            ? new(record.Start, record.Transaction, PostgresTime.Read(record.Data[TimeOffset(kind)..]), kind)
            : null;
    }

    /// <summary>All but xl_xact_prepare begin with their time.</summary>
    private static int TimeOffset(Kind kind) => kind == Kind.Prepared ? 16 : 0;
}
