using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>Data outside the data directory belongs to the source: no copy writes there.</summary>
[Trait("Requirement", "R25")]
public sealed class TablespaceTests
{
    [Fact]
    public async Task An_instant_behind_a_new_tablespace_is_refused_by_name_and_nothing_of_the_source_is_touched()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var before = await home.NowAsync();
        var folder = await MakeAsync(home, "fast");
        await home.RunAsync("create table big tablespace fast as select generate_series(1, 1000) id");
        var inside = await home.NowAsync();
        await home.RunAsync("delete from big");
        await home.Home.AskAdminAsync("checkpoint");

        foreach (var instant in (DateTimeOffset?[])[inside, null])
        {
            var problem = Assert.Single(await home.ProblemsAsync(instant));
            Assert.Equal(("restoreTime", true), (problem.Path, problem.Refuses));
            Assert.Contains("\"fast\"", problem.Reason.ToString(), StringComparison.Ordinal);
            Assert.Contains(folder, problem.Reason.ToString(), StringComparison.Ordinal);
            var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(instant, "never", "main"));
            Assert.Contains(folder, failure.Message, StringComparison.Ordinal);
            Assert.Null(home.Home.Record("never"));
        }
        Assert.Equal("1", await RestoreHome.AskAsync(await home.RestoreAsync(before), "select count(*) from kept"));

        await home.RunAsync("drop table big");
        await home.Home.AskAdminAsync("drop tablespace fast");
        var dropped = await home.NowAsync();
        await home.BackUpAsync();
        await home.RunAsync("insert into kept values (2)");
        Assert.Contains(await home.ProblemsAsync(dropped), problem => problem.Reason.ToString().Contains(folder, StringComparison.Ordinal));
        Assert.Empty(await home.ProblemsAsync(await home.NowAsync()));
        Assert.Equal("2", await RestoreHome.AskAsync(await home.RestoreAsync(null), "select count(*) from kept"));
    }

    /// <summary>A preview that does not know of it yet accepts the restore; the copy reads all WAL that it would replay.</summary>
    [Fact]
    public async Task A_copy_refuses_before_it_replays_a_tablespace_that_nobody_has_noted()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)");
        var folder = await MakeAsync(home, "fast");
        await home.RunAsync("insert into kept values (1)");
        await home.ArchiveAllAsync();
        await home.Home.KillAsync();
        var notes = Path.Combine(home.Home.Paths().Archive, "wal.json");
        Assert.Contains(folder, await File.ReadAllTextAsync(notes), StringComparison.Ordinal);
        await File.WriteAllTextAsync(notes, "");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(null, "never", "main"));

        Assert.Contains(folder, failure.Message, StringComparison.Ordinal);
        Assert.Null(home.Home.Record("never"));
    }

    private static async Task<string> MakeAsync(RestoreHome home, string name)
    {
        // A folder that the servers' user can write.
        var folder = Path.Combine(home.Home.Paths().Log, name);
        await ScratchServer.AsServiceUserAsync("mkdir", folder);
        await home.Home.AskAdminAsync($"create tablespace {name} location '{folder}'");
        await home.Home.AskAdminAsync($"grant create on tablespace {name} to alice");
        return folder;
    }
}
