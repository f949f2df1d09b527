using System.Collections.Immutable;

namespace PgFleet.Archives.Backup;

/// <summary>What can be deleted from an archive while every instant of the retention can still be restored.</summary>
/// <param name="Expired">Backups to delete, oldest first.</param>
/// <param name="Floor">The first WAL file to keep; null: keep all.</param>
internal sealed record RetentionPlan(ImmutableArray<BaseBackup> Expired, string? Floor)
{
    private const int FewestKept = 2;

    /// <summary>A backward clock step up to this size is a correction, not a jump.</summary>
    private static readonly TimeSpan Correction = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Plans where some <paramref name="backups"/> do not count, because they are unchecked or damaged: they expire only with those that a good one replaces.
    /// Finished backups, by WAL position.
    /// </summary>
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

    /// <summary>Keeps the newest backup that ended before the retention period, all later ones, and never fewer than two.</summary>
    /// <param name="backups">Finished and good backups, by WAL position.</param>
    /// <param name="now">The trusted time: see <see cref="TrustedNow"/>.</param>
    /// <param name="retention">How far back a restore must be possible.</param>
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

    /// <summary>Now, unless the clock has jumped since the last backup but one; then the last instant before the jump, or now if that is earlier.</summary>
    /// <remarks>
    /// Otherwise a clock set forward by a year would make all backups look a year old. Once another backup was taken without a jump, the new time is trusted.
    /// </remarks>
    /// <param name="marks">The clock at that backup's start, at the archiving of each segment since, and now.</param>
    /// <param name="retention">The retention period; a larger step forward is a jump.</param>
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
