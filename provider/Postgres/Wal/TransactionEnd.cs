namespace PgFleet.Postgres.Wal;

/// <summary>A WAL record that ends a transaction, or prepares it to outlive its session.</summary>
/// <param name="Position">The position where the record begins.</param>
/// <param name="Transaction">The transaction's id; not set by records that end a prepared one.</param>
/// <param name="At">The server's clock just before the record was written, in whole microseconds.</param>
/// <param name="Became">The kind of the record.</param>
internal readonly record struct TransactionEnd(Lsn Position, uint Transaction, DateTimeOffset At, TransactionEnd.Kind Became)
{
    private const int OperationMask = 0x70;

    /// <remarks>PostgreSQL, access/xact.h, identical in 14 to 18.</remarks>
    internal enum Kind
    {
        Committed = 0x00,
        Prepared = 0x10,
        Aborted = 0x20,
        PreparedCommitted = 0x30,
        PreparedAborted = 0x40,
    }

    public bool IsCommit => Became is Kind.Committed or Kind.PreparedCommitted;

    /// <summary>True if the database differs afterwards. A prepared transaction counts, because it holds its locks until it is ended.</summary>
    public bool IsChange => Became is not Kind.Aborted;

    /// <summary>Decodes a record; null for other records.</summary>
    public static TransactionEnd? Find(WalRecord record)
    {
        var kind = (Kind)(record.Info & OperationMask);
        return record.Manager == ResourceManager.Transactions && Enum.IsDefined(kind)
            ? new(record.Start, record.Transaction, PostgresTime.Read(record.Data[TimeOffset(kind)..]), kind)
            : null;
    }

    /// <summary>All records but xl_xact_prepare begin with their time.</summary>
    private static int TimeOffset(Kind kind) => kind == Kind.Prepared ? 16 : 0;
}
