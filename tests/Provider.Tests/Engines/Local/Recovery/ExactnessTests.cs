using Npgsql;
using PgFleet.Engines;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>What a restore contains, to the row, for any activity around the instant.</summary>
[Trait("Requirement", "R21")]
public sealed class ExactnessTests
{
    [Fact]
    [Trait("Requirement", "R22")]
    public async Task A_commit_counts_from_its_very_instant_on()
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Parameters = spec.Parameters.Add("track_commit_timestamp", "on") });
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)", "insert into kept values (2)");
        var commits = await CommitsAsync(home);

        Assert.Equal("1", await RowsAsync(home, commits[0]));
        Assert.Equal("1", await RowsAsync(home, commits[1].AddMicroseconds(-1)));
    }

    [Fact]
    public async Task Two_commits_a_moment_apart_are_told_apart()
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Parameters = spec.Parameters.Add("track_commit_timestamp", "on") });
        await home.RunAsync("create table kept (id int)", "do $$ begin for i in 1..40 loop insert into kept values (i); commit; end loop; end $$");
        var commits = await CommitsAsync(home);
        var closest = Enumerable.Range(0, commits.Count - 1).MinBy(i => commits[i + 1] - commits[i]);
        Assert.InRange(commits[closest + 1] - commits[closest], TimeSpan.FromMicroseconds(1), TimeSpan.FromMilliseconds(1));

        var copy = await home.RestoreAsync(commits[closest]);

        Assert.Equal($"{closest + 1}", await RestoreHome.AskAsync(copy, "select max(id) from kept"));
        Assert.Equal(commits[closest], copy.Restored!.To);
    }

    /// <summary>Replay up to a time would continue to the drop's commit, which follows the removal of the files.</summary>
    [Fact]
    public async Task A_database_that_was_dropped_seconds_later_with_nothing_in_between_is_whole()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var before = await home.NowAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        await home.RunInAsync("postgres", $"drop database {RestoreHome.Database}");

        Assert.Equal("1", await RowsAsync(home, before));
    }

    [Fact]
    public async Task What_was_dropped_created_or_unlogged_round_the_instant_is_as_it_was()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunInAsync("postgres", "create database early");
        await home.RunInAsync("early", "create table kept (id int)", "insert into kept values (7)");
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)", "create unlogged table quick (id int)", "insert into quick values (1)");
        var before = await home.NowAsync();
        await home.RunAsync("drop table kept", "drop table quick");
        await home.RunInAsync("postgres", "create database late");
        var after = await home.NowAsync();

        var copy = await home.RestoreAsync(before);
        Assert.Equal("1", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
        Assert.Equal("0", await RestoreHome.AskAsync(copy, "select count(*) from quick"));
        Assert.Equal("7", await RestoreHome.AskAsync(copy, "select id from kept", "early"));
        Assert.Equal("app,early", await DatabasesAsync(copy));

        var later = await home.RestoreAsync(after);
        Assert.Equal("0", await RestoreHome.AskAsync(later, "select count(*) from pg_tables where tablename in ('kept', 'quick')"));
        Assert.Equal("app,early,late", await DatabasesAsync(later));
        Assert.Equal("1", await RestoreHome.AskAsync(later, "select 1", "late"));
    }

    [Fact]
    public async Task Transactions_that_were_prepared_are_open_and_reported()
    {
        await using var home = await RestoreHome.StartAsync(spec => spec with { Parameters = spec.Parameters.Add("max_prepared_transactions", "4") });
        await home.RunAsync(
            "create table kept (id int)",
            "begin; insert into kept values (1); prepare transaction 'before'", "commit prepared 'before'",
            "begin; insert into kept values (2); prepare transaction 'across'");
        var between = await home.NowAsync();
        await home.RunAsync("commit prepared 'across'");

        // The copy's own declared limits are too low for the replay.
        var copy = await home.RestoreAsync(between, with: spec => spec with { Parameters = spec.Parameters.Add("work_mem", "5MB") });

        Assert.Equal("1", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',') from kept"));
        Assert.Contains(home.Warnings, warning => warning.Contains("\"across\" in database \"app\"", StringComparison.Ordinal));
        await home.Home.AskAdminAsync("commit prepared 'across'", copy.Spec.Name, RestoreHome.Database);
        Assert.Equal("1,2", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',' order by id) from kept"));
        Assert.Equal("5MB", await RestoreHome.AskAsync(copy, "show work_mem"));
    }

    [Fact]
    public async Task Roles_are_those_of_then_and_the_password_is_the_one_that_is_given_or_todays()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.Home.AskAdminAsync("create role gone");
        var then = await home.NowAsync();
        await home.Home.AskAdminAsync("drop role gone; create role fresh");
        await home.Home.ApplyAsync(TestHome.Spec(password: "todays-secret") with { Username = "alicia" });

        var given = await home.RestoreAsync(then);
        Assert.Equal("alice", given.Spec.Username);
        Assert.Equal("1", await RestoreHome.AskAsync(given, "select count(*) from pg_roles where rolname in ('gone', 'fresh')"));
        Assert.Contains(home.Warnings, warning => warning.Contains("gone today: \"alicia\"", StringComparison.Ordinal) || warning.Contains("\"gone\"", StringComparison.Ordinal));

        var todays = await home.RestoreAsync(then, with: spec => spec with { Password = null });
        Assert.Equal(1, await TestHome.AskAsync(todays, "select 1", "todays-secret"));
    }

    [Fact]
    public async Task An_instant_inside_a_base_backup_is_reached_from_the_one_before()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)");
        var backup = Task.Run(() => home.BackUpAsync());
        var instants = new List<(DateTimeOffset At, int Id)>();
        for (var id = 1; !backup.IsCompleted || id == 1; id++)
        {
            await home.RunAsync($"insert into kept values ({id})");
            instants.Add((await home.NowAsync(), id));
        }
        await backup;
        var kept = home.Backups()[^1];
        var inside = instants.FindAll(instant => instant.At > kept.StartedAt && instant.At < kept.EndedAt);
        Assert.NotEmpty(inside);
        var (at, last) = inside[inside.Count / 2];

        var copy = await home.RestoreAsync(at);

        Assert.Equal($"{last}", await RestoreHome.AskAsync(copy, "select max(id) from kept"));
    }

    [Fact]
    public async Task A_restore_of_a_restore_has_timelines_of_its_own()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        var first = await home.RestoreAsync(await home.NowAsync(), "first", "main");
        await RestoreHome.AskAsync(first, "insert into kept values (2)");
        var then = await home.NowAsync();
        await RestoreHome.AskAsync(first, "insert into kept values (3)");
        await home.RunAsync("insert into kept values (9)");

        var second = await home.RestoreAsync(then, "second", "first");

        Assert.Equal((2, 3), (first.Restored!.Timeline, second.Restored!.Timeline));
        Assert.Equal("1,2", await RestoreHome.AskAsync(second, "select string_agg(id::text, ',' order by id) from kept"));
        Assert.Equal("1,2,3", await RestoreHome.AskAsync(first, "select string_agg(id::text, ',' order by id) from kept"));
    }

    private static Task<string> DatabasesAsync(ManagedServer server) => RestoreHome.AskAsync(
        server, "select string_agg(datname, ',' order by datname) from pg_database where datname !~ '^(postgres|template)'");

    private static async Task<List<DateTimeOffset>> CommitsAsync(RestoreHome home)
    {
        await using var connection = await TestHome.LogInAsync(home.Source, database: RestoreHome.Database);
        await using var command = new NpgsqlCommand("select pg_xact_commit_timestamp(xmin) from kept order by id", connection);
        await using var rows = await command.ExecuteReaderAsync();
        var commits = new List<DateTimeOffset>();
        while (await rows.ReadAsync())
        {
            commits.Add(new(rows.GetDateTime(0), TimeSpan.Zero));
        }
        return commits;
    }

    private static async Task<string> RowsAsync(RestoreHome home, DateTimeOffset instant)
    {
        var copy = await home.RestoreAsync(instant);
        var rows = await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',' order by id) from kept");
        await home.DeleteAsync(copy);
        return rows;
    }
}
