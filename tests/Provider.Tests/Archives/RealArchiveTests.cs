using PgFleet.Archives.Backup;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Tests.Archives;

/// <summary>The life cycle with the real archive program.</summary>
public sealed class RealArchiveTests
{
    [Fact]
    [Trait("Requirement", "R21")]
    public async Task A_new_server_has_a_base_backup_and_archives_what_follows()
    {
        await using var home = new TestHome(programFolder: Repository.Programs);
        await home.CreateAsync();
        var backup = Assert.Single(new BackupCatalogue(home.Paths().Archive).List());
        Assert.Equal(home.Record()!.SystemIdentifier, backup.SystemIdentifier);
        var segment = (string)(await home.AskAdminAsync("select pg_walfile_name(pg_switch_wal()) from (select pg_current_xact_id()) as work"))!;
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(home.Paths().Archive, "wal", segment)), $"{segment} is archived");
        Assert.Equal(ServerStatus.Available, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task A_backup_is_taken_when_a_person_asks_for_one()
    {
        await using var home = new TestHome(programFolder: Repository.Programs);
        await home.CreateAsync();
        var name = await home.Engine.BackUpAsync("main", new(CancellationToken.None));
        Assert.Equal(name, new BackupCatalogue(home.Paths().Archive).List()[^1].Name);
        Assert.Equal(2, (await home.Engine.GetWindowAsync("main", CancellationToken.None)).Backups.Length);
        await Eventually.TrueAsync(async () => (await home.Engine.GetWindowAsync("main", CancellationToken.None)).Backups.All(backup => backup is { IsChecked: true, Damage: null, DamagedPages: null }), "they are checked");
        Assert.Equal(ServerStatus.Available, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
    }

    [Fact]
    public async Task What_keeps_a_server_from_being_backed_up_is_told()
    {
        await using var home = new TestHome(programFolder: Repository.Programs);
        await home.CreateAsync();
        await ScratchServer.AsServiceUserAsync("ln", "-s", "/tmp", $"{home.Paths().Data}/elsewhere");
        await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.BackUpAsync("main", new(CancellationToken.None)));
        var server = (await home.Engine.FindAsync("main", CancellationToken.None))!;
        Assert.Equal(ServerStatus.Degraded, server.Status);
        Assert.Contains("a base backup holds the data directory alone", server.Reason?.ToString(), StringComparison.Ordinal);
        Assert.Equal(server.Reason?.ToString(), (await home.Engine.GetWindowAsync("main", CancellationToken.None)).Complaint);
    }

    [Fact]
    public async Task A_server_that_starts_itself_again_archives_within_its_timeout_once_it_has_filled_a_segment()
    {
        await using var home = new TestHome(programFolder: Repository.Programs);
        await home.CreateAsync(TestHome.Spec() with { Backup = TestHome.Spec().Backup with { ArchiveTimeout = TimeSpan.FromSeconds(2) } });
        var writer = (int)(await home.AskAdminAsync("select pid from pg_stat_activity where backend_type = 'walwriter'"))!;
        Processes.Send(Signal.Kill, writer); // the postmaster terminates all other processes, and restarts them
        await Eventually.TrueAsync(async () => await IsBackAsync(home, writer), "the server is back");
        foreach (var position in (string[])["pg_switch_wal()", "pg_current_wal_lsn()"])
        {
            await home.AskAdminAsync("create table if not exists public.work (i int)");
            await home.AskAdminAsync("insert into public.work values (1)");
            var segment = (string)(await home.AskAdminAsync($"select pg_walfile_name({position})"))!;
            await Eventually.TrueAsync(() => IsArchivedAsync(home, segment), $"{segment} is archived");
        }
    }

    /// <remarks>
    /// An archiver that ended within 10 s of its start is restarted only after that, when the postmaster next wakes up: after a minute, or at
    /// a connection (PGARCH_RESTART_INTERVAL in postmaster/pgarch.c).
    /// </remarks>
    private static async Task<bool> IsArchivedAsync(TestHome home, string segment)
    {
        await home.AskAdminAsync("select 1");
        return File.Exists(Path.Combine(home.Paths().Archive, "wal", segment));
    }

    private static async Task<bool> IsBackAsync(TestHome home, int writer)
    {
        try
        {
            return await home.AskAdminAsync("select pid from pg_stat_activity where backend_type = 'walwriter'") is int pid && pid != writer;
        }
        catch (Exception down) when (down is ResourceFailure or Npgsql.NpgsqlException)
        {
            return false;
        }
    }
}
