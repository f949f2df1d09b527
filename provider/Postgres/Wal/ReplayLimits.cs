using System.Buffers.Binary;

namespace PgFleet.Postgres.Wal;

/// <summary>
/// Lower limits of parameters for a server that replays WAL: recovery stops with an error if, for example, max_prepared_transactions is lower than the
/// source's.
/// </summary>
/// <remarks>PostgreSQL, "Hot Standby Parameter Reference", and xl_parameter_change in access/xlog_internal.h.</remarks>
internal sealed record ReplayLimits(int MaxConnections, int MaxWorkerProcesses, int MaxWalSenders, int MaxPreparedTransactions, int MaxLocksPerTransaction)
{
    private const int ParameterChange = 0x60;

    /// <summary>The limits as parameters of postgresql.conf.</summary>
    public IEnumerable<(string Name, int Value)> Parameters =>
    [
        ("max_connections", MaxConnections),
        ("max_worker_processes", MaxWorkerProcesses),
        ("max_wal_senders", MaxWalSenders),
        ("max_prepared_transactions", MaxPreparedTransactions),
        ("max_locks_per_transaction", MaxLocksPerTransaction),
    ];

    /// <summary>The higher of two servers' limits, parameter by parameter.</summary>
    public ReplayLimits And(ReplayLimits other) => new(
        Math.Max(MaxConnections, other.MaxConnections),
        Math.Max(MaxWorkerProcesses, other.MaxWorkerProcesses),
        Math.Max(MaxWalSenders, other.MaxWalSenders),
        Math.Max(MaxPreparedTransactions, other.MaxPreparedTransactions),
        Math.Max(MaxLocksPerTransaction, other.MaxLocksPerTransaction));

    /// <summary>The limits that a server logs to WAL when it starts with changed ones; null for other records.</summary>
    public static ReplayLimits? Find(WalRecord record)
    {
        if (record is not { Manager: ResourceManager.Wal, Info: ParameterChange })
        {
            return null;
        }
        var data = record.Data;
        return new(At(data, 0), At(data, 1), At(data, 2), At(data, 3), At(data, 4));
    }

    private static int At(ReadOnlySpan<byte> data, int index) => BinaryPrimitives.ReadInt32LittleEndian(data[(index * sizeof(int))..]);
}
