namespace PgFleet.Postgres.Wal;

/// <summary>Reads checkpoints, which show that the server was running even if nothing was committed.</summary>
/// <remarks>PostgreSQL, catalog/pg_control.h: the time in struct CheckPoint has the same offset in 14 to 18.</remarks>
internal static class Checkpoints
{
    private const int Shutdown = 0x00;
    private const int Online = 0x10;
    private const int EndOfRecovery = 0x90;
    private const int TimeOffset = 64;

    /// <summary>The checkpoint's start, truncated to the second; null for other records.</summary>
    public static DateTimeOffset? Find(WalRecord record) =>
        record is { Manager: ResourceManager.Wal, Info: Shutdown or Online } ? PostgresTime.ReadSeconds(record.Data[TimeOffset..]) : null;

    /// <summary>True if no transaction runs any more: the server was stopped, or has recovered from a crash. Prepared transactions continue.</summary>
    public static bool EndsAll(WalRecord record) => record is { Manager: ResourceManager.Wal, Info: Shutdown or EndOfRecovery };
}
