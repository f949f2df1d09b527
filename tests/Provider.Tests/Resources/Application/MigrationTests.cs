using PgFleet.Failures;
using PgFleet.Schema.Types;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Tests.Resources.Application;

/// <summary>The commands of a deploy: how they run, what happens when one fails, and what is reported.</summary>
public sealed class MigrationTests(ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
{
    [Fact]
    [Trait("Requirement", "R13")]
    [Trait("Requirement", "R14")]
    public async Task Every_command_runs_in_order_in_the_directory_with_its_environment()
    {
        using var app = new TestApp(fixture, "echo one >> ran; pwd >> ran", "echo two $PGUSER $PGDATABASE $PGSSLMODE >> ran", "psql -qc 'create table if not exists t ()' \"$DBOS_DATABASE_URL\"", "echo \"$HOME\" > home");
        app.Write(".dbosignore", "ran\nhome\n");
        var state = await app.DeployAsync();
        var lines = app.Read("ran").Split('\n');
        Assert.Equal(["one", app.Folder], lines[..2]);
        Assert.Matches($"^two pgfleet_migration_[0-9a-f]{{16}} {app.Database} require$", lines[2]);
        Assert.Equal(Environment.GetEnvironmentVariable("HOME"), app.Read("home").Trim());
        Assert.Equal("alice", await fixture.AskAsync("select tableowner::text from pg_tables where tablename = 't'", app.Database));

        await app.DeployAsync(state);
        Assert.Equal(2, app.Read("ran").Split('\n').Count(line => line == "one"));
        Assert.Equal(["source kept", "database ready", "migration role made", "migration 1 of 4", "migration 2 of 4", "migration 3 of 4", "migration 4 of 4", "migrations ended"], app.Steps.Except(["template copied"]).Distinct());
    }

    [Fact]
    [Trait("Requirement", "R15")]
    public async Task A_failure_stops_there_keeps_what_was_done_and_the_next_run_goes_on()
    {
        using var app = new TestApp(fixture, "psql -qc 'create table first ()'", "echo said; echo complained >&2; exit 3", "psql -qc 'create table third ()'");
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync());

        Assert.StartsWith($"Migration 2 of 3 of application \"{app.Args.Name}\" on instance \"main\" failed.", failure.Message, StringComparison.Ordinal);
        Assert.All(["command: echo said; echo complained >&2; exit 3", "exit code: 3", "stdout: said", "stderr: complained"], part => Assert.Contains(part, failure.Message, StringComparison.Ordinal));
        var restoreTime = RestoreTime.Parse(failure.Message.Split("restoreTime: \"")[1].Split('"')[0])!.Instant!.Value;
        Assert.InRange(restoreTime, DateTimeOffset.UnixEpoch.AddYears(50), TimeProvider.System.GetUtcNow());
        Assert.Equal("first", await fixture.AskAsync("select string_agg(tablename, ' ') from pg_tables where schemaname = 'public'", app.Database));
        Assert.Equal(("", ""), (app.Kept!.Outputs.Version, app.Kept.Args.SourceHash));
        Assert.Null(fixture.Store.Find(app.Args.Name));

        app.Migrate("psql -qc 'create table if not exists first ()'", "true", "psql -qc 'create table third ()'");
        var state = await app.DeployAsync(app.Kept);
        Assert.Equal(state.Outputs.Version, fixture.Store.Find(app.Args.Name)!.Current.Id);
        Assert.Equal("first third", await fixture.AskAsync("select string_agg(tablename, ' ' order by tablename) from pg_tables where schemaname = 'public'", app.Database));
    }

    [Fact]
    [Trait("Requirement", "R15")]
    public async Task An_update_that_fails_leaves_version_and_binding_as_they_were()
    {
        using var app = new TestApp(fixture, "true");
        var state = await app.DeployAsync();
        var before = fixture.Store.Find(app.Args.Name)!;
        app.Migrate("exit 1");
        await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync(state));
        Assert.Null(app.Kept);
        var after = fixture.Store.Find(app.Args.Name)!;
        Assert.Equal((before.Instance, before.Current), (after.Instance, after.Current));
    }

    [Fact]
    public async Task A_secret_that_a_command_prints_is_not_told()
    {
        using var app = new TestApp(fixture, "echo $PGPASSWORD; echo $DBOS_DATABASE_URL >&2; echo correct%23horse correct#horse; printf %s $PGPASSWORD > password; exit 1");
        app.Args = app.Args with { Connection = "postgresql://alice:correct%23horse@127.0.0.1:5433/postgres" };
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync());
        Assert.Equal(32, app.Read("password").Length);
        Assert.DoesNotContain(app.Read("password"), failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("horse@", failure.Message, StringComparison.Ordinal);
        Assert.Contains("stdout: [secret]\n[secret] [secret]", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => TestHome.LogInAsync(fixture.Server, app.Read("password"), Npgsql.SslMode.Require, "alice"));
    }

    [Fact]
    public async Task What_a_configuration_took_from_the_environment_is_not_told_of_a_command_that_fails()
    {
        var name = $"TOKEN_{Guid.NewGuid():N}";
        Environment.SetEnvironmentVariable(name, "hush-hush-hush");
        using var app = new TestApp(fixture, $"echo ${{{name}}}; exit 1");
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync());
        Assert.DoesNotContain("hush", failure.Message, StringComparison.Ordinal);
        Assert.Contains("command: echo [secret]; exit 1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_long_output_is_cut_to_its_end()
    {
        using var app = new TestApp(fixture, "seq 1 200000; exit 1");
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync());
        Assert.Contains("\n199999\n200000\n", failure.Message, StringComparison.Ordinal);
        Assert.InRange(failure.Message.Length, 10_000, 20_000);
    }

    [Fact]
    public async Task Cancelled_it_ends_the_whole_group_of_the_command()
    {
        using var app = new TestApp(fixture, "sleep 997 & echo $! > child; sleep 998");
        using var cancel = new CancellationTokenSource();
        var deploy = app.DeployAsync(cancel: cancel.Token);
        await Eventually.TrueAsync(() => Task.FromResult(File.Exists(Path.Combine(app.Folder, "child")) && app.Read("child").Length > 1), "the command runs");
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => deploy);
        Assert.NotNull(app.Kept);
        await Eventually.TrueAsync(() => Task.FromResult(!IsRunning(app.Read("child").Trim())), "the child has ended");
        Assert.Equal(0L, await fixture.AskAsync("select count(*) from pg_roles where rolname like 'pgfleet\\_migration\\_%' and pg_has_role('alice', oid, 'MEMBER')", app.Database));
    }

    [Fact]
    public async Task What_a_command_leaves_in_the_background_ends_with_it()
    {
        using var app = new TestApp(fixture, "sleep 996 & echo $! > child");
        await app.DeployAsync(app.Args);
        await Eventually.TrueAsync(() => Task.FromResult(!IsRunning(app.Read("child").Trim())), "the child has ended");
    }

    [Fact]
    public async Task Nobody_else_is_let_in_from_this_machine()
    {
        using var app = new TestApp(fixture, "psql -qc 'create table t ()'");
        await app.DeployAsync();
        var refusal = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => TestHome.LogInAsync(fixture.Server, mode: Npgsql.SslMode.Require));
        Assert.Contains("pg_hba.conf", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R19")]
    public async Task A_column_that_is_dropped_or_renamed_is_a_warning()
    {
        using var app = new TestApp(fixture, "psql -qc 'create table t (a int, b int, c int)'");
        var state = await app.DeployAsync();
        Assert.Empty(app.Warnings);
        app.Migrate("psql -qc 'alter table t drop column a' -c 'alter table t rename column b to d' -c 'alter table t add column e int'");
        await app.DeployAsync(state);
        Assert.Contains("public.t.a is gone; public.t.b is now d.", Assert.Single(app.Warnings), StringComparison.Ordinal);
    }

    private static bool IsRunning(string process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Split(' ')[2].Equals("Z", StringComparison.Ordinal);
}
