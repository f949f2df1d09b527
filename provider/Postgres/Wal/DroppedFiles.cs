namespace PgFleet.Postgres.Wal;

/// <summary>Databases whose files are gone while the transaction that drops them has not ended: the files' removal is replayed before the commit.</summary>
/// <remarks>
/// PostgreSQL, commands/dbcommands_xlog.h: the operation's number changed with 15. A server that crashes in between has no end of that
/// transaction in its WAL; that it is over is told by the checkpoint that its next recovery ends with.
/// </remarks>
/// <param name="major">The server's major version.</param>
internal sealed class DroppedFiles(int major)
{
    private readonly Dictionary<uint, Lsn> removals = [];

    private int Drop => major < 15 ? 0x10 : 0x20;

    /// <summary>Where the earliest removal lies whose transaction has not ended; null when there is none.</summary>
    public Lsn? Pending => removals.Count == 0 ? null : removals.Values.Min();

    public void Note(WalRecord record)
    {
        if (record.Manager == ResourceManager.Databases && record.Info == Drop && record.Transaction != 0)
        {
            removals.TryAdd(record.Transaction, record.Start);
        }
        else if (Checkpoints.EndsAll(record))
        {
            removals.Clear();
        }
    }

    public void Note(TransactionEnd end) => removals.Remove(end.Transaction);
}
