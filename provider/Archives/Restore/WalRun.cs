using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Restore;

/// <summary>Segments without a gap.</summary>
/// <param name="IsLast">None is there after them.</param>
internal sealed record WalRun(WalSegment First, WalSegment Last, bool IsLast)
{
    /// <param name="all">By number.</param>
    public static IEnumerable<WalRun> Of(IReadOnlyList<WalSegment> all)
    {
        var first = 0;
        for (var i = 0; i < all.Count; i++)
        {
            if (i + 1 == all.Count || all[i + 1].Number != all[i].Number + 1)
            {
                yield return new(all[first], all[i], i + 1 == all.Count);
                first = i + 1;
            }
        }
    }

    public bool Holds(BaseBackup backup) => backup.StartLsn.CompareTo(First.Start) >= 0 && backup.StopLsn.CompareTo(Last.Next.Start) <= 0;

    public bool Holds(Lsn position) => position.CompareTo(First.Start) >= 0 && position.CompareTo(Last.Next.Start) < 0;

    /// <summary>The segment that a position lies in.</summary>
    public WalSegment At(Lsn position) => First with { Number = position.Value / (ulong)First.Size };
}
