using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Failures;
using PgFleet.Schema.Types;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Tests.Resources.Application;

public sealed class ApplicationHandlerTests(ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
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
    public async Task A_directory_that_changed_since_the_preview_is_refused()
    {
        using var app = new TestApp(fixture, "true");
        var (planned, _) = await app.PlanAsync();
        app.Write("late", "1");
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync(planned));
        Assert.Contains("has changed since the preview", refusal.Message, StringComparison.Ordinal);
        Assert.Null(app.Kept);
    }

    [Fact]
    [Trait("Requirement", "R28")]
    [Trait("Requirement", "R29")]
    public async Task A_previous_version_is_deployed_out_of_what_was_kept_of_it()
    {
        using var app = new TestApp(fixture);
        app.Migrate($"cat note >> {app.Folder}.log; pwd > {app.Folder}.cwd");
        app.Write("note", "old\n");
        var old = await app.DeployAsync();
        app.Write("note", "new\n");
        var @new = await app.DeployAsync(old);
        Assert.NotEqual(old.Args.SourceHash, @new.Args.SourceHash);

        app.Args = app.Args with { PreviousVersion = old.Outputs.Version };
        Assert.Equal(old.Args.SourceHash, (await app.PlanAsync()).Args.SourceHash);
        var back = await app.DeployAsync(@new);
        Assert.Equal("old\nnew\nold\n", await File.ReadAllTextAsync($"{app.Folder}.log"));
        Assert.False(Directory.Exists((await File.ReadAllTextAsync($"{app.Folder}.cwd")).Trim()));
        Assert.Equal(old.Args.SourceHash, back.Args.SourceHash);
        Assert.Equal([old.Outputs.Version, @new.Outputs.Version, back.Outputs.Version], fixture.Store.Find(app.Args.Name)!.Versions.Select(version => version.Id));
        Assert.Equal(3, new[] { old, @new, back }.Select(state => state.Outputs.Version).Distinct().Count());

        app.Args = app.Args with { PreviousVersion = "never" };
        var problem = Assert.Single((await app.PlanAsync()).Problems);
        Assert.Equal("previousVersion", problem.Path);
        Assert.Contains(old.Outputs.Version, problem.Reason, StringComparison.Ordinal);
        File.Delete($"{app.Folder}.log");
        File.Delete($"{app.Folder}.cwd");
    }

    [Fact]
    [Trait("Requirement", "R28")]
    public async Task A_previous_version_that_was_made_for_another_schema_is_refused()
    {
        using var app = new TestApp(fixture, "psql -qc 'create table if not exists t (a int, b int)'");
        var old = await app.DeployAsync();
        app.Migrate("psql -qc 'alter table t drop column b' -c 'alter table t add column c int'");
        var @new = await app.DeployAsync(old);
        app.Args = app.Args with { PreviousVersion = old.Outputs.Version };
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync(@new));
        Assert.Contains("its database lacks public.t.b.", refusal.Message, StringComparison.Ordinal);
        Assert.Equal(@new.Outputs.Version, fixture.Store.Find(app.Args.Name)!.Current.Id);

        await fixture.AskAsync("alter table public.t add column b int", app.Database);
        Assert.Equal(old.Args.SourceHash, (await app.DeployAsync(@new)).Args.SourceHash);
    }

    [Fact]
    [Trait("Requirement", "R9")]
    public async Task Another_database_s_name_is_refused_once_deployed()
    {
        using var app = new TestApp(fixture, "true");
        await app.DeployAsync();
        app.Write("dbos-config.yaml", "database: {app_db_name: elsewhere}\n");
        var problem = Assert.Single((await app.PlanAsync()).Problems);
        Assert.Equal($"Application \"{app.Args.Name}\" is deployed with the database \"{app.Database}\", and dbos-config.yaml now says \"elsewhere\". Set database.app_db_name to \"{app.Database}\", or deploy under another name.", problem.Reason);
    }

    [Fact]
    [Trait("Requirement", "R1")]
    public async Task An_instance_that_is_not_there_is_refused_before_anything_is_made()
    {
        using var app = new TestApp(fixture, "true");
        app.Args = app.Args with { Instance = "nowhere" };
        var problem = Assert.Single(await app.PreflightAsync());
        Assert.Equal(("instance", true), (problem.Path, problem.Refuses));
        Assert.Contains("Provision it first", problem.Reason, StringComparison.Ordinal);
        Assert.Empty(await app.PreflightAsync(foreseen: "nowhere"));
        await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync());
        Assert.False(Directory.Exists(Path.Combine(fixture.Home.Folder, "applications", app.Args.Name)));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict_with_the_import_command()
    {
        using var app = new TestApp(fixture, "true");
        await app.DeployAsync();
        Assert.Contains($"pulumi import pgfleet:index:Application {app.Args.Name} {app.Args.Name}", Assert.Single(await app.PreflightAsync()).Reason, StringComparison.Ordinal);
        Assert.Equal(FailureKind.Conflict, (await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync())).Kind);
        var imported = (await fixture.Handler.ReadAsync(app.Args.Name, null, new Work(CancellationToken.None)))!;
        Assert.Equal((app.Folder, "main", app.Database), (imported.Args.Directory, imported.Args.Instance, imported.Args.Database));
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

    [Fact]
    public async Task A_new_connection_deploys_nothing()
    {
        using var app = new TestApp(fixture, "echo ran >> log");
        app.Write(".dbosignore", "log");
        var state = await app.DeployAsync();
        app.Args = app.Args with { Connection = "postgresql://alice:correct-horse@db.example:6432/postgres" };
        var updated = await app.DeployAsync(state);
        Assert.Equal($"postgresql://alice:correct-horse@db.example:6432/{app.Database}", updated.Outputs.ConnectionUri);
        Assert.Equal(state.Outputs.Version, updated.Outputs.Version);
        app.Args = app.Args with { Triggers = new Dictionary<string, string> { ["now"] = "1" } };
        await app.DeployAsync(updated);
        Assert.Equal("ran\nran\n", app.Read("log"));
    }

    [Fact]
    public async Task A_database_that_is_there_is_used_and_outlives_the_application()
    {
        using var app = new TestApp(fixture, "psql -qc 'create table if not exists t ()'");
        await fixture.AskAsync($"create database {app.Database} owner alice", "postgres");
        var state = await app.DeployAsync();
        await fixture.Handler.DeleteAsync(app.Args.Name, state, new Work(CancellationToken.None));
        await fixture.Handler.DeleteAsync(app.Args.Name, state, new Work(CancellationToken.None));
        Assert.Null(fixture.Store.Find(app.Args.Name));
        Assert.Null(await fixture.Handler.ReadAsync(app.Args.Name, state, new Work(CancellationToken.None)));
        Assert.Equal("alice", await fixture.AskAsync("select tableowner::text from pg_tables where tablename = 't'", app.Database));
    }

    [Fact]
    [Trait("Requirement", "R32")]
    public async Task An_instance_with_applications_bound_to_it_is_not_destroyed()
    {
        using var app = new TestApp(fixture, "true");
        await app.DeployAsync();
        var instances = new PgFleet.Resources.DatabaseInstance.DatabaseInstanceHandler(fixture.Home.Engine, fixture.Store);
        var state = (await instances.ReadAsync("main", null, new Work(CancellationToken.None)))!;
        state = state with { Args = state.Args with { DeletionProtection = false } };
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => instances.DeleteAsync("main", state, new Work(CancellationToken.None)));
        Assert.Contains($"\"{app.Args.Name}\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{app.Args.Name}\"", await instances.LossAsync(state.Args, CancellationToken.None), StringComparison.Ordinal);
        Assert.Equal(1, await fixture.AskAsync("select 1", "postgres"));
    }

    [Fact]
    public async Task Stopped_at_any_step_the_next_run_finishes()
    {
        using var whole = new TestApp(fixture, "psql -qc 'create table if not exists t ()'");
        await whole.DeployAsync();
        foreach (var step in whole.Steps.Distinct())
        {
            using var app = new TestApp(fixture, "psql -qc 'create table if not exists t ()'");
            using var cancel = new CancellationTokenSource();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => app.DeployAsync(cancel: cancel.Token, onStep: name =>
            {
                if (name == step)
                {
                    cancel.Cancel();
                }
            }));
            var state = await app.DeployAsync(app.Kept);
            Assert.Equal(state.Outputs.Version, fixture.Store.Find(app.Args.Name)!.Current.Id);
        }
    }

    private static bool IsRunning(string process) =>
        File.Exists($"/proc/{process}/stat") && !File.ReadAllText($"/proc/{process}/stat").Split(' ')[2].Equals("Z", StringComparison.Ordinal);
}
