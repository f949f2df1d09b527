using PgFleet.Archives.Backup;
using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Archives.Backup;

public sealed class PrunerTests
{
    [Fact]
    public async Task A_new_backup_removes_what_no_restore_needs_and_nothing_else()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ConfigureAsync(server.Config with { RetentionSeconds = 3600 });
        await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(150));
        var history = Path.Combine(server.Layout.Wal, "00000001.history");
        await File.WriteAllTextAsync(history, "");
        var second = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(100));
        await server.Server.ScalarAsync("create table kept as select generate_series(1, 1000)");
        var third = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(50));
        var fourth = await server.TakeCheckedBackupAsync();

        Assert.Equal([second, third, fourth], server.Catalogue.List());
        Assert.Empty(server.Leftovers());
        Assert.True(File.Exists(history));
        Assert.Equal(second.StartSegment, Directory.GetFiles(server.Layout.Wal, "0*").Select(path => Path.GetFileName(path)!)
            .Where(WalSegment.IsSegment).Min(StringComparer.Ordinal));
        await server.ArchiveAllAsync();
        await using var recovered = await server.RecoverAsync(second);
        Assert.Equal(1000L, await recovered.ScalarAsync("select count(*) from kept"));
    }

    [Fact]
    public async Task What_a_restore_has_pinned_stays()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ConfigureAsync(server.Config with { RetentionSeconds = 3600 });
        for (var minutes = 150; minutes > 0; minutes -= 50)
        {
            await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(minutes));
        }
        using (server.Layout.TryPin())
        {
            await server.TakeCheckedBackupAsync();
            Assert.Equal(4, server.Catalogue.List().Count);
        }
        await server.TakeCheckedBackupAsync();
        Assert.Equal(4, server.Catalogue.List().Count);
    }

    /// <summary>The page check of a large backup takes long, and a stopped server takes no other backup.</summary>
    [Fact]
    public async Task How_late_a_backup_is_checked_shortens_no_window()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ConfigureAsync(server.Config with { RetentionSeconds = 3600 });
        var first = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(110));
        var second = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromMinutes(55));
        var third = await server.TakeCheckedBackupAsync();
        new ArchivePruner(server.Config, server.Layout, new Late(TimeSpan.FromMinutes(30))).Run();
        Assert.Equal([first, second, third], server.Catalogue.List());
    }

    [Fact]
    public async Task A_clock_that_jumped_prunes_nothing_until_a_second_backup_agrees()
    {
        await using var server = await ArchivedServer.StartAsync();
        await server.ConfigureAsync(server.Config with { RetentionSeconds = 3600 });
        var first = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromDays(3));
        var second = await server.BackdateAsync(await server.TakeCheckedBackupAsync(), TimeSpan.FromDays(2));
        var third = await server.TakeCheckedBackupAsync();
        Assert.Equal([first, second, third], server.Catalogue.List());
        var fourth = await server.TakeCheckedBackupAsync();
        Assert.Equal([second, third, fourth], server.Catalogue.List());
    }

    private sealed class Late(TimeSpan by) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
    }
}
