using Npgsql;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Resources;
using PgFleet.Resources.Database;
using State = PgFleet.Resources.State<PgFleet.Resources.Database.DatabaseArgs, PgFleet.Resources.Database.DatabaseOutputs>;

namespace PgFleet.Tests.Resources.Database;

/// <summary>One scratch server, which every test sees as its own instance "main"; each test uses database names of its own.</summary>
public sealed class DatabaseFixture : IAsyncLifetime
{
    internal static DatabaseArgs Args { get; } =
        new() { Instance = "main", Name = "unnamed", ConnectionLimit = -1, AllowConnections = true, OnDelete = "refuse" };

    internal ScratchServer Scratch { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Scratch = await ScratchServer.StartAsync();
        await Scratch.ScalarAsync("create role alice login; create role bob login");
    }

    public ValueTask DisposeAsync() => Scratch.DisposeAsync();

    internal ScratchServers Servers() => new ScratchServers(Scratch, "alice").With("main");

    internal static DatabaseHandler Handler(ScratchServers servers, TimeProvider? time = null) => new(servers, servers, time);

    internal static Resource Resource(ScratchServers servers) => new TypedResource<DatabaseArgs, DatabaseOutputs>(
        "Database", RecordContext.Default.DatabaseArgs, RecordContext.Default.DatabaseOutputs, Handler(servers), new FleetGuard(servers, "here"));

    internal async Task<State> CreateAsync(DatabaseArgs args) => await Handler(Servers()).CreateAsync(args, Work());

    internal Task<IReadOnlyList<Problem>> PreflightAsync(ScratchServers servers, DatabaseArgs planned, State? prior = null, string? plannedInstance = null) =>
        Handler(servers).PreflightAsync(prior, planned, new(CancellationToken.None) { IsPlanned = name => name == plannedInstance });

    internal async Task<bool> ExistsAsync(string name)
    {
        await using var connection = await Scratch.OpenAsync();
        await using var command = new NpgsqlCommand("select exists (select from pg_database where datname = $1)", connection) { Parameters = { new() { Value = name } } };
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    internal static OperationContext<State> Work() => new(CancellationToken.None);
}

[CollectionDefinition(nameof(DatabaseFixture))]
public sealed class DatabaseFixtureDefinition : ICollectionFixture<DatabaseFixture>;
