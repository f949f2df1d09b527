using Npgsql;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Tests.Engines;

/// <summary>What every engine that makes servers does alike, beside what all do.</summary>
public abstract class FleetEngineContract : ServersContract
{
    private const string Password = "s3cret-of-the-contract";

    /// <summary>An engine without servers, cleaned up with all that it made when disposed of.</summary>
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
        Assert.NotNull(spec.Port);
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

    internal static ServerSpec Spec(string name) => new()
    {
        Name = name,
        Username = "alice",
        Password = Password,
        Backup = new(TimeSpan.FromHours(24), TimeSpan.FromHours(24), TimeSpan.FromMinutes(1)),
    };

    private static OperationContext<ManagedServer> Work() => new(CancellationToken.None);

    private static async Task<List<Problem>> ProblemsAsync(IEngineUnderTest test, ManagedServer? prior, ServerSpec spec) =>
        await test.Engine.PreflightAsync(prior, spec, CancellationToken.None).ToListAsync();

    private static async Task<object?> SelectAsync(IEngineUnderTest test, ManagedServer server, string password, string sql)
    {
        await using var connection = await test.LogInAsync(server, password);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}

/// <summary>An engine, and how clients reach what it makes.</summary>
internal interface IEngineUnderTest : IServersUnderTest
{
    IServerEngine Engine { get; }

    IServerDirectory IServersUnderTest.Servers => Engine;

    Task<NpgsqlConnection> LogInAsync(ManagedServer server, string password);
}
