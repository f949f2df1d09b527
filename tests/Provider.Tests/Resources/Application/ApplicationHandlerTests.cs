using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Tests.Resources.Application;

public sealed class ApplicationHandlerTests(ApplicationFixture fixture) : IClassFixture<ApplicationFixture>
{
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
        Assert.Contains(old.Outputs.Version, problem.Reason.ToString(), StringComparison.Ordinal);
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
        Assert.Equal($"Application \"{app.Args.Name}\" is deployed with the database \"{app.Database}\", and dbos-config.yaml now says \"elsewhere\". Set database.app_db_name to \"{app.Database}\", or deploy under another name.", problem.Reason.ToString());
    }

    [Fact]
    [Trait("Requirement", "R1")]
    public async Task An_instance_that_is_not_there_is_refused_before_anything_is_made()
    {
        using var app = new TestApp(fixture, "true");
        app.Args = app.Args with { Instance = "nowhere" };
        var problem = Assert.Single(await app.PreflightAsync());
        Assert.Equal(("instance", true), (problem.Path, problem.Refuses));
        Assert.Contains("Provision it first", problem.Reason.ToString(), StringComparison.Ordinal);
        Assert.Empty(await app.PreflightAsync(plannedInstance: "nowhere"));
        await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync());
        Assert.False(Directory.Exists(Path.Combine(fixture.Home.Folder, "applications", app.Args.Name)));
    }

    [Fact]
    public async Task A_name_that_is_taken_is_a_conflict_with_the_import_command()
    {
        using var app = new TestApp(fixture, "true");
        await app.DeployAsync();
        Assert.Contains($"pulumi import pgfleet:index:Application {app.Args.Name} {app.Args.Name}", Assert.Single(await app.PreflightAsync()).Reason.ToString(), StringComparison.Ordinal);
        Assert.Equal(FailureKind.Conflict, (await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync())).Kind);
        var imported = (await fixture.Handler.ReadAsync(app.Args.Name, null, new OperationContext(CancellationToken.None)))!;
        Assert.Equal((app.Folder, "main", app.Database), (imported.Args.Directory.ToString(), imported.Args.Instance, imported.Args.Database));
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
        await fixture.Handler.DeleteAsync(app.Args.Name, state, new OperationContext(CancellationToken.None));
        await fixture.Handler.DeleteAsync(app.Args.Name, state, new OperationContext(CancellationToken.None));
        Assert.Null(fixture.Store.Find(app.Args.Name));
        Assert.Null(await fixture.Handler.ReadAsync(app.Args.Name, state, new OperationContext(CancellationToken.None)));
        Assert.Equal("alice", await fixture.AskAsync("select tableowner::text from pg_tables where tablename = 't'", app.Database));
    }

    [Fact]
    public async Task One_that_was_deployed_anew_under_the_name_is_left_alone_and_told()
    {
        using var app = new TestApp(fixture, "true");
        var old = await app.DeployAsync();
        await fixture.Handler.DeleteAsync(app.Args.Name, old, new OperationContext(CancellationToken.None));
        var anew = await app.DeployAsync();
        Assert.NotEqual(old.Outputs.Identity, anew.Outputs.Identity);
        var warnings = new List<string>();

        await fixture.Handler.DeleteAsync(app.Args.Name, old, new OperationContext(CancellationToken.None, warn: text => warnings.Add(text.ToString())));

        Assert.Contains("was left alone", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.Equal(anew.Outputs.Identity, $"{fixture.Store.Find(app.Args.Name)!.Identity}");
        await fixture.Handler.DeleteAsync(app.Args.Name, anew, new OperationContext(CancellationToken.None));
        Assert.Null(fixture.Store.Find(app.Args.Name));
    }

    [Fact]
    [Trait("Requirement", "R32")]
    public async Task An_instance_with_applications_bound_to_it_is_not_destroyed()
    {
        using var app = new TestApp(fixture, "true");
        await app.DeployAsync();
        var instances = new PgFleet.Resources.DatabaseInstance.DatabaseInstanceHandler(fixture.Home.Engine, fixture.Home.Engine, fixture.Store);
        var state = (await instances.ReadAsync("main", null, new OperationContext(CancellationToken.None)))!;
        state = state with { Args = state.Args with { DeletionProtection = false } };
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => instances.DeleteAsync("main", state, new OperationContext(CancellationToken.None)));
        Assert.Contains($"\"{app.Args.Name}\"", refusal.Message, StringComparison.Ordinal);
        Assert.Contains($"\"{app.Args.Name}\"", (await instances.LossAsync(state.Args, CancellationToken.None))?.ToString(), StringComparison.Ordinal);
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
}
