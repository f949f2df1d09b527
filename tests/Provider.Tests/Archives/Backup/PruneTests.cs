using CsCheck;
using PgFleet.Archives;
using PgFleet.Archives.Backup;
using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Archives.Backup;

public sealed class PruneTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Gen<TimeSpan> Retention = Gen.Int[0, 100].Select(hours => TimeSpan.FromHours(hours));

    /// <summary>Backups taken by a clock that only moves forward.</summary>
    private static readonly Gen<BaseBackup[]> Backups = Gen.Int[1, 60].Array[0, 12].Select(gaps =>
        gaps.Select((_, i) => Backup(i, Start.AddHours(gaps.Take(i + 1).Sum()))).ToArray());

    private static readonly Gen<(BaseBackup[] Backups, DateTimeOffset Now, TimeSpan Retention)> Archives =
        Gen.Select(Backups, Gen.Int[0, 200], Retention, (backups, hours, retention) =>
            (backups, (backups.Length == 0 ? Start : backups[^1].EndedAt).AddHours(hours), retention));

    [Fact]
    public void Every_instant_of_the_window_stays_restorable() => Gen.Select(Archives, Gen.Double.Unit).Sample((archive, share) =>
    {
        var instant = archive.Now - (archive.Retention * share);
        Assert.Equal(archive.Backups.Any(backup => backup.EndedAt <= instant), Kept(archive).Any(backup => backup.EndedAt <= instant));
    });

    [Fact]
    public void The_newest_two_are_always_kept() => Archives.Sample(archive =>
        Assert.Equal(archive.Backups.TakeLast(2), Kept(archive).TakeLast(2)));

    [Fact]
    public void What_is_kept_is_an_unbroken_row_and_its_WAL() => Archives.Sample(archive =>
    {
        var prune = RetentionPlan.Plan(archive.Backups, archive.Now, archive.Retention);
        Assert.Equal(archive.Backups.Take(prune.Expired.Length), prune.Expired);
        Assert.Equal(Kept(archive).FirstOrDefault()?.StartSegment, prune.Floor);
    });

    [Fact]
    public void Nothing_is_kept_in_vain() => Archives.Sample(archive =>
    {
        var kept = Kept(archive);
        Assert.True(kept.Length <= 2 || kept[1].EndedAt > archive.Now - archive.Retention);
    });

    [Fact]
    public void Pruned_once_there_is_nothing_left_to_prune() => Archives.Sample(archive =>
        Assert.Empty(RetentionPlan.Plan(Kept(archive), archive.Now, archive.Retention).Expired));

    [Fact]
    public void An_earlier_now_never_deletes_more() => Gen.Select(Archives, Gen.Int[0, 500]).Sample((archive, hours) =>
        Assert.True(Kept(archive with { Now = archive.Now.AddHours(-hours) }).Length >= Kept(archive).Length));

    [Fact]
    public void A_clock_that_did_not_jump_is_trusted() => Gen.Int[0, 24 * 60].Array[1, 50].Sample(minutes =>
    {
        var marks = Running(minutes);
        Assert.Equal(marks[^1], RetentionPlan.TrustedNow(marks, TimeSpan.FromHours(24)));
    });

    [Fact]
    public void A_clock_set_forward_is_not_trusted_until_a_second_backup_agrees()
    {
        var year = TimeSpan.FromDays(365);
        var before = Running([0, 60, 60]);
        var after = Running([1, 60, 60]).Select(mark => mark + year + TimeSpan.FromHours(2)).ToArray();
        Assert.Equal(before[^1], RetentionPlan.TrustedNow([.. before, .. after], TimeSpan.FromHours(24)));
        Assert.Equal(after[^1], RetentionPlan.TrustedNow(after, TimeSpan.FromHours(24)));
    }

    [Fact]
    public void A_clock_set_back_counts_as_it_is() =>
        Assert.Equal(Start, RetentionPlan.TrustedNow([Start.AddDays(365), Start.AddDays(365), Start], TimeSpan.FromHours(24)));

    [Fact]
    public void A_small_correction_of_the_clock_is_no_jump() =>
        Assert.Equal(Start.AddHours(1), RetentionPlan.TrustedNow([Start, Start.AddSeconds(-30), Start.AddHours(1)], TimeSpan.FromHours(24)));

    [Fact]
    public void A_backup_stamped_by_a_clock_that_ran_ahead_keeps_no_later_one_from_counting()
    {
        BaseBackup[] backups = [Backup(0, Start), Backup(1, Start.AddDays(365)), Backup(2, Start.AddDays(1)), Backup(3, Start.AddDays(2)), Backup(4, Start.AddDays(3))];
        var prune = RetentionPlan.Plan(backups, Start.AddDays(3), TimeSpan.FromHours(24));
        Assert.Equal(backups[..3], prune.Expired);
    }

    private static BaseBackup[] Kept((BaseBackup[] Backups, DateTimeOffset Now, TimeSpan Retention) archive) =>
        archive.Backups[RetentionPlan.Plan(archive.Backups, archive.Now, archive.Retention).Expired.Length..];

    private static DateTimeOffset[] Running(int[] minutes) => [.. minutes.Select((_, i) => Start.AddMinutes(minutes.Take(i + 1).Sum()))];

    private static BaseBackup Backup(int number, DateTimeOffset ended) => new()
    {
        Name = $"{number}",
        StartedAt = ended,
        EndedAt = ended,
        StartLsn = new((ulong)number << 24),
        StopLsn = new(((ulong)number << 24) + 1),
        StartSegment = new WalSegment(1, (ulong)number, 16 << 20).Name,
        Timeline = 1,
        ServerVersion = "15.18",
        SystemIdentifier = "1",
        Bytes = 1,
        Limits = new(100, 8, 10, 0, 64),
    };
}
