using System.Collections.Immutable;
using PgFleet.Engines;
using PgFleet.Engines.Local.Instances;
using PgFleet.Histories.Fakes;
using PgFleet.Operations;
using PgFleet.Postgres.Sql;

namespace PgFleet.Histories.Places;

internal sealed class FakePlace : IPlace
{
    private readonly FakeWorld world = new();
    private readonly Faults none = new(Fault.None);

    public ImmutableArray<string> Folders { get; } = ["/backups/one", "/backups/two"];

    public FakeFleet Engine => new(world, none);

    public IDatabases DatabasesOf(string server) => new FakeDatabases(world, server, none);

    public ProviderDefinition Compose(Faults faults)
    {
        var fleet = new FakeFleet(world, faults);
        return Composition.Of(new FaultyFleet(fleet, fleet, fleet, faults), server => new FaultyDatabases(new FakeDatabases(world, server, faults), faults), world.Home);
    }

    public Task<Sight> ReadFactsAsync() => Task.FromResult(Sight.Of(world.State.Servers.Values.Select(Seen)));

    public Task WriteRowAsync(string row)
    {
        foreach (var server in world.State.Servers.Values.Where(server => server.Record.State == RecordState.Available))
        {
            world.Hold(server.Record.Name, contents => contents.Databases.Values.Where(database => !SystemDatabases.Is(database.Found))
                .Aggregate(contents, (all, database) => all.With(database with { Rows = database.Rows.Add(row) })));
        }
        return Task.CompletedTask;
    }

    public Task MakeDatabaseAsync(string server, string database) =>
        DatabasesOf(server).CreateAsync(new() { Name = database, Owner = "postgres" }, "", new(CancellationToken.None));

    public Task DropDatabaseAsync(string server, string database) => DatabasesOf(server).DropAsync(database, force: true, new(CancellationToken.None));

    public Task DeleteServerAsync(string server) => Engine.DeleteAsync(server, new(CancellationToken.None));

    public Task MakeServerAsync(string server, string? urn) => Engine.CreateAsync(Spec(server, urn), new(CancellationToken.None));

    public Task<DateTimeOffset> NowAsync() => Task.FromResult(world.State.Now);

    public Action? Remember()
    {
        var state = world.State;
        return () => world.State = state;
    }

    public ValueTask DisposeAsync()
    {
        none.Dispose();
        return ValueTask.CompletedTask;
    }

    public static ServerSpec Spec(string name, string? urn) => new()
    {
        Name = name,
        Username = "alice",
        Password = "s3cret-of-the-history",
        Backup = new(TimeSpan.FromHours(24), TimeSpan.FromHours(24), TimeSpan.FromMinutes(1)),
        Urn = urn,
    };

    private static SeenServer Seen(FakeServer server)
    {
        var finished = server.Record.State == RecordState.Available;
        return new(
            server.Record.Name,
            $"{server.Record.Identity}",
            server.Record.Urn,
            finished,
            server.Record.Protected == true,
            server.Contents.Databases.Values.Where(database => finished && !SystemDatabases.Is(database.Found)).ToImmutableSortedDictionary(
                database => database.Found.Spec.Name,
                database => new SeenDatabase(database.Found.Spec.Name, $"{server.Record.Identity}/{database.Found.Oid}", database.Found.Unclaimed, database.Rows),
                StringComparer.Ordinal));
    }
}
