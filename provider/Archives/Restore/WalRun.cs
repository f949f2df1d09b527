using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Restore;

/// <summary>Consecutive segments without a gap.</summary>
/// <param name="First">The first segment.</param>
/// <param name="Last">The last segment.</param>
/// <param name="IsLast">True if no segment follows, not even after a gap.</param>
internal sealed record WalRun(WalSegment First, WalSegment Last, bool IsLast)
{
    /// <summary>Groups segments, ordered by number, into runs.</summary>
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

    /// <summary>The segment that contains a position.</summary>
    public WalSegment At(Lsn position) => First with { Number = (ulong)position / (ulong)First.Size };
}
