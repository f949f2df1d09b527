namespace PgFleet.Postgres.Wal;

/// <summary>Checkpoints tell that the server was up, though nothing was committed.</summary>
/// <remarks>PostgreSQL, catalog/pg_control.h: the struct CheckPoint, whose time lies at the same offset from 14 to 18.</remarks>
internal static class Checkpoints
{
    private const int Shutdown = 0x00;
    private const int Online = 0x10;
    private const int EndOfRecovery = 0x90;
    private const int TimeOffset = 64;

    /// <summary>When the checkpoint began, cut to the second; null when the record is of another kind.</summary>
    public static DateTimeOffset? Find(WalRecord record) =>
        record is { Manager: ResourceManager.Wal, Info: Shutdown or Online } ? PostgresTime.ReadSeconds(record.Data[TimeOffset..]) : null;

    /// <summary>Whether no transaction runs any more: a server was stopped, or has recovered from a crash. Prepared ones go on.</summary>
    public static bool EndsAll(WalRecord record) => record is { Manager: ResourceManager.Wal, Info: Shutdown or EndOfRecovery };
}
