namespace PgFleet.Postgres.Wal;

/// <summary>
/// Tracks databases whose files are deleted although the dropping transaction has not ended: replay removes the files before it reaches the commit.
/// </summary>
/// <remarks>
/// PostgreSQL, commands/dbcommands_xlog.h: the operation's number changed in 15. If the server crashes in between, its WAL has no end of that
/// transaction; the checkpoint at the end of the next recovery shows that it is over.
/// </remarks>
/// <param name="major">The server's major version.</param>
internal sealed class DroppedFiles(int major)
{
    private readonly Dictionary<uint, Lsn> removals = [];

    private int Drop => major < 15 ? 0x10 : 0x20;

    /// <summary>The position of the earliest removal whose transaction has not ended; null when there is none.</summary>
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
