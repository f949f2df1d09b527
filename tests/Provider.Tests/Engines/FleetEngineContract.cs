using Npgsql;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Tests.Engines;

/// <summary>The behaviour that all engines of managed servers share, in addition to that of all engines.</summary>
public abstract class FleetEngineContract : ServersContract
{
    private const string Password = "s3cret-of-the-contract";

    /// <summary>An engine without servers, deleted with everything it created when disposed of.</summary>
    internal abstract IEngineUnderTest NewEngine();

    internal override async Task<IServersUnderTest> NewServersAsync(params string[] names)
    {
        var test = NewEngine();
        try
        {
            foreach (var name in names)
            {
                await test.Engine.CreateAsync(Spec(name), Work());
            }
            return test;
        }
        catch
        {
            await test.DisposeAsync();
            throw;
        }
    }

    [Fact]
    [Trait("Requirement", "R7")]
    public async Task A_created_server_lets_its_user_in()
    {
        await using var test = NewEngine();
        var server = await test.Engine.CreateAsync(Spec("main"), Work());
        Assert.Equal(ServerStatus.Available, server.Status);
        Assert.Equal(1, await SelectAsync(test, server, Password, "select 1"));
    }

    [Fact]
    [Trait("Requirement", "R7")]
    public async Task What_the_spec_leaves_open_is_filled_in_and_the_password_is_not_given_back()
    {
        await using var test = NewEngine();
        var spec = (await test.Engine.CreateAsync(Spec("main"), Work())).Spec;
        Assert.NotNull(spec.Placement.Port);
        Assert.NotNull(spec.PostgresVersion);
        Assert.Null(spec.Password);
    }

    [Fact]
    public async Task A_finished_server_of_that_name_is_a_conflict()
    {
        await using var test = NewEngine();
        await test.Engine.CreateAsync(Spec("main"), Work());
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => test.Engine.CreateAsync(Spec("main"), Work()));
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Contains(await ProblemsAsync(test, null, Spec("main")), problem => problem is { Path: "name", Refuses: true });
    }

    [Fact]
    [Trait("Requirement", "R10")]
    public async Task A_changed_password_is_in_force_and_the_old_one_is_not()
    {
        await using var test = NewEngine();
        await test.Engine.CreateAsync(Spec("main"), Work());
        var server = await test.Engine.ApplyAsync(Spec("main") with { Password = "an0ther-secret" }, Work());
        Assert.Equal(1, await SelectAsync(test, server, "an0ther-secret", "select 1"));
        await Assert.ThrowsAsync<PostgresException>(() => SelectAsync(test, server, Password, "select 1"));
    }

    [Fact]
    public async Task A_change_of_what_is_not_there_fails()
    {
        await using var test = NewEngine();
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => test.Engine.ApplyAsync(Spec("main"), Work()));
        Assert.Equal(FailureKind.Missing, failure.Kind);
    }

    [Fact]
    [Trait("Requirement", "R31")]
    public async Task A_deleted_server_is_gone_and_its_name_is_free()
    {
        await using var test = NewEngine();
        await test.Engine.CreateAsync(Spec("main"), Work());
        await test.Engine.DeleteAsync("main", Work());
        Assert.Null(await test.Engine.FindAsync("main", CancellationToken.None));
        Assert.Equal(ServerStatus.Available, (await test.Engine.CreateAsync(Spec("main"), Work())).Status);
    }

    [Fact]
    [Trait("Requirement", "R31")]
    public async Task Deleting_what_is_gone_succeeds()
    {
        await using var test = NewEngine();
        await test.Engine.DeleteAsync("main", Work());
        await test.Engine.CreateAsync(Spec("main"), Work());
        await test.Engine.DeleteAsync("main", Work());
        await test.Engine.DeleteAsync("main", Work());
    }

    [Fact]
    [Trait("Requirement", "R6")]
    public async Task A_creation_that_was_killed_in_any_step_goes_on_from_there()
    {
        for (var step = 1; ; step++)
        {
            await using var test = NewEngine();
            var killed = Work(new ActsAtStep(step, () => throw new KilledException()));
            if (await Record.ExceptionAsync(() => test.Engine.CreateAsync(Spec("main"), killed)) is null)
            {
                Assert.InRange(step, 3, 99);
                return;
            }
            await RequireUnfinishedAsync(test, killed.Partial!);
            var server = await test.NewCaller().CreateAsync(Spec("main"), Work());
            Assert.Equal((ServerStatus.Available, killed.Partial!.Port), (server.Status, server.Port));
            Assert.NotEqual(killed.Partial.Identity, server.Identity);
            Assert.Equal(1, await SelectAsync(test, server, Password, "select 1"));
        }
    }

    [Fact]
    [Trait("Requirement", "R6")]
    public async Task A_creation_that_was_cancelled_leaves_its_state_and_is_finished_or_deleted_by_the_next_run()
    {
        await using var test = NewEngine();
        foreach (var step in new[] { 1, 3 })
        {
            using var cancel = new CancellationTokenSource();
            var cancelled = new OperationContext<ManagedServer>(cancel.Token, new ActsAtStep(step, cancel.Cancel));
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Engine.CreateAsync(Spec("main"), cancelled));
            await RequireUnfinishedAsync(test, cancelled.Partial!);
            await test.Engine.DeleteAsync("main", Work(), new(cancelled.Partial!.Identity));
            Assert.False(test.Engine.Has("main"));
        }
        using var again = new CancellationTokenSource();
        var last = new OperationContext<ManagedServer>(again.Token, new ActsAtStep(2, again.Cancel));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => test.Engine.CreateAsync(Spec("main"), last));
        var server = await test.Engine.ApplyAsync(Spec("main"), Work(), new(last.Partial!.Identity));
        Assert.Equal((ServerStatus.Available, last.Partial.Identity), (server.Status, server.Identity));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public async Task A_creation_that_is_taken_up_becomes_what_is_asked_for_by_then(int step)
    {
        await using var test = NewEngine();
        await Assert.ThrowsAsync<KilledException>(() => test.Engine.CreateAsync(Spec("main") with { Urn = "urn:one" }, Work(new ActsAtStep(step, () => throw new KilledException()))));
        var changed = Spec("main") with { Urn = "urn:one", Username = "bob", Password = "an0ther-secret", Parameters = Spec("main").Parameters.Add("work_mem", "9MB") };
        var server = await test.NewCaller().CreateAsync(changed, Work());
        Assert.Equal("bob|9MB", await SelectAsync(test, server, "an0ther-secret", "select concat_ws('|', current_user, current_setting('work_mem'))"));
    }

    [Fact]
    public async Task Of_two_callers_at_once_one_makes_the_server_and_the_other_is_told_that_it_is_there()
    {
        await using var test = NewEngine();
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ => await Record.ExceptionAsync(() => test.NewCaller().CreateAsync(Spec("main"), Work()))));
        var failure = Assert.IsType<ResourceFailure>(Assert.Single(both, one => one is not null));
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Contains("pgfleet:index:DatabaseInstance main main", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Requirement", "R31")]
    public async Task Of_two_callers_at_once_that_delete_a_server_neither_fails()
    {
        await using var test = NewEngine();
        await test.Engine.CreateAsync(Spec("main"), Work());
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => test.NewCaller().DeleteAsync("main", Work())));
        Assert.Null(await test.Engine.FindAsync("main", CancellationToken.None));
    }

    [Fact]
    public async Task A_preflight_touches_nothing()
    {
        await using var test = NewEngine();
        var before = test.Snapshot();
        Assert.Empty(await ProblemsAsync(test, null, Spec("main")));
        Assert.Equal(before, test.Snapshot());

        var server = await test.Engine.CreateAsync(Spec("main"), Work());
        await test.Engine.DeleteAsync((await test.Engine.CreateAsync(Spec("gone"), Work())).Name, Work());
        before = test.Snapshot();
        Assert.Empty(await ProblemsAsync(test, server, Spec("main") with { Password = "an0ther-secret", Parameters = server.Spec.Parameters.Add("work_mem", "9MB") }));
        Assert.Empty(await ProblemsAsync(test, null, Spec("new")));
        Assert.NotEmpty(await ProblemsAsync(test, null, Spec("main")));
        Assert.Equal(before, test.Snapshot());
    }

    internal static ServerSpec Spec(string name) => new()
    {
        Name = name,
        Username = "alice",
        Password = Password,
        Backup = new(TimeSpan.FromHours(24), TimeSpan.FromHours(24), TimeSpan.FromMinutes(1)),
    };

    private static OperationContext<ManagedServer> Work(IProgress<Step>? progress = null) => new(CancellationToken.None, progress);

    private static async Task RequireUnfinishedAsync(IEngineUnderTest test, ManagedServer saved)
    {
        Assert.Equal((ServerStatus.Unfinished, null), (saved.Status, saved.Spec.Password));
        var found = Assert.Single(await test.Engine.ListAsync(CancellationToken.None));
        Assert.Equal((ServerStatus.Unfinished, saved.Identity), (found.Status, found.Identity));
        Assert.Equal(saved.Identity, (await test.Engine.FindAsync("main", CancellationToken.None))!.Identity);
    }

    private static Task<IReadOnlyList<Problem>> ProblemsAsync(IEngineUnderTest test, ManagedServer? prior, ServerSpec spec) =>
        test.Engine.PreflightAsync(prior, spec, CancellationToken.None);

    private static async Task<object?> SelectAsync(IEngineUnderTest test, ManagedServer server, string password, string sql)
    {
        await using var connection = await test.LogInAsync(server, password);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

/// <summary>An engine, and the ways in which clients reach its servers.</summary>
internal interface IEngineUnderTest : IServersUnderTest
{
    IServerEngine Engine { get; }

    IServerDirectory IServersUnderTest.Servers => Engine;

    /// <summary>Another engine for the same servers, like that of another process.</summary>
    IServerEngine NewCaller();

    /// <summary>Everything that the engine itself stores, without what its servers write while they run.</summary>
    string Snapshot();

    Task<NpgsqlConnection> LogInAsync(ManagedServer server, string password);
}
