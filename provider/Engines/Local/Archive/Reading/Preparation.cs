namespace PgFleet.Engines.Local.Archive.Reading;

/// <summary>PREPARE TRANSACTION: from here on the transaction outlives its session, though it is not committed.</summary>
/// <remarks>PostgreSQL, access/xact.h, xl_xact_prepare: the same from 14 to 18.</remarks>
internal static class Preparation
{
    private const int OperationMask = 0x70;
    private const int Operation = 0x10;
    private const int TimeOffset = 16;

    /// <summary>When the transaction was prepared; null when the record is of another kind.</summary>
    public static DateTimeOffset? Find(WalRecord record) =>
        record.Manager == ResourceManager.Transactions && (record.Info & OperationMask) == Operation ? PostgresTime.Read(record.Data[TimeOffset..]) : null;
}
