using System.Collections.Immutable;

namespace PgFleet.Archives.Backup;

/// <summary>What of an archive is no longer needed to restore any instant that is kept.</summary>
/// <param name="Expired">Backups to delete, oldest first.</param>
/// <param name="Floor">The first WAL file that is kept; null: all are.</param>
internal sealed record RetentionPlan(ImmutableArray<BaseBackup> Expired, string? Floor)
{
    private const int FewestKept = 2;

    /// <summary>Clocks are corrected by this much without having jumped.</summary>
    private static readonly TimeSpan Correction = TimeSpan.FromMinutes(1);

    /// <summary>Plans where some do not count: not looked into yet, or damaged. They go only with what a good one stands in for.</summary>
    /// <param name="backups">Finished, in the order of their positions in the WAL.</param>
    public static RetentionPlan Plan(IReadOnlyList<BaseBackup> backups, Func<BaseBackup, bool> counts, DateTimeOffset now, TimeSpan retention)
    {
        var good = backups.Where(counts).ToList();
        var plan = Plan(good, now, retention);
        if (good.Count == 0)
        {
            return new([], null);
        }
        var oldest = good[plan.Expired.Length];
        return plan.Expired.IsEmpty && oldest.EndedAt > now - retention
            ? new([], backups[0].StartSegment)
            : plan with { Expired = [.. backups.TakeWhile(backup => backup != oldest)] };
    }

    /// <summary>Keeps the newest backup that ended before the retention began, all after it, and never fewer than two.</summary>
    /// <param name="backups">Finished and good, in the order of their positions in the WAL.</param>
    /// <param name="now">An instant that the clock is trusted about: see <see cref="TrustedNow"/>.</param>
    /// <param name="retention">How far back a restore shall be possible.</param>
    public static RetentionPlan Plan(IReadOnlyList<BaseBackup> backups, DateTimeOffset now, TimeSpan retention)
    {
        var reaches = backups.Count - 1;
        while (reaches > 0 && backups[reaches].EndedAt > now - retention)
        {
            reaches--;
        }
        var oldest = Math.Max(0, Math.Min(reaches, backups.Count - FewestKept));
        return new([.. backups.Take(oldest)], backups.Count == 0 ? null : backups[oldest].StartSegment);
    }

    /// <summary>Now, unless the clock has jumped since the backup before the newest; then the last instant before the jump, unless now is earlier still.</summary>
    /// <remarks>A clock set forward by a year would otherwise make all that is kept look a year old. The next backup, with no jump since, agrees to it.</remarks>
    /// <param name="marks">The clock at that backup's start, at the archiving of each segment since, and now.</param>
    public static DateTimeOffset TrustedNow(IReadOnlyList<DateTimeOffset> marks, TimeSpan retention)
    {
        for (var i = 1; i < marks.Count; i++)
        {
            if (marks[i] - marks[i - 1] > retention || marks[i] < marks[i - 1] - Correction)
            {
                return marks[i - 1] < marks[^1] ? marks[i - 1] : marks[^1];
            }
        }
        return marks[^1];
    }
}
