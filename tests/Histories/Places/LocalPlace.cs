using System.Collections.Immutable;
using Npgsql;
using PgFleet.Engines.Local;
using PgFleet.Engines.Local.Instances;
using PgFleet.Operations;
using PgFleet.Postgres.Sql;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Histories.Places;

/// <summary>Real servers on this machine. Processes are not killed here, because operations in this process would continue.</summary>
internal sealed class LocalPlace : IPlace
{
    private const string Table = "create table if not exists public.kept (row text)";

    private readonly TestHome home = new(programFolder: Repository.Programs);

    public ImmutableArray<string> Folders => [$"{home.Folder}-one", $"{home.Folder}-two"];

    public LocalEngine Engine => home.Engine;

    public IDatabases DatabasesOf(string server) => Of(home.Engine, server);

    public ProviderDefinition Compose(Faults faults)
    {
        var engine = new LocalEngine(home.Options, TimeProvider.System);
        return Composition.Of(new FaultyFleet(engine, engine, engine, faults), server => new FaultyDatabases(Of(engine, server), faults), new(home.Folder));
    }

    public async Task<Sight> ReadFactsAsync()
    {
        var seen = new List<SeenServer>();
        foreach (var server in await home.Engine.ListAsync(CancellationToken.None))
        {
            var (record, databases) = (home.Record(server.Name)!, new List<SeenDatabase>());
            var finished = record.State == RecordState.Available;
            foreach (var found in finished ? await UsersOwnAsync(server.Name) : [])
            {
                databases.Add(new(found.Spec.Name, $"{server.Identity}/{found.Oid}", found.Unclaimed, await RowsAsync(server.Name, found.Spec.Name)));
            }
            seen.Add(new(server.Name, server.Identity, record.Urn, finished, record.Protected == true, databases.ToImmutableSortedDictionary(found => found.Name, found => found, StringComparer.Ordinal)));
        }
        return Sight.Of(seen);
    }

    public async Task WriteRowAsync(string row)
    {
        foreach (var (server, database) in (await ReadFactsAsync()).Databases)
        {
            await home.AskAdminAsync($"{Table}; insert into public.kept values ('{row}')", server.Name, database.Name);
        }
    }

    public Task MakeDatabaseAsync(string server, string database) => home.AskAdminAsync($"create database {database}", server);

    public Task DropDatabaseAsync(string server, string database) => home.AskAdminAsync($"drop database {database} with (force)", server);

    public Task DeleteServerAsync(string server) => home.Engine.DeleteAsync(server, new(CancellationToken.None));

    public Task MakeServerAsync(string server, string? urn) => home.Engine.CreateAsync(FakePlace.Spec(server, urn), new(CancellationToken.None));

    public Task<DateTimeOffset> NowAsync() => Task.FromResult(DateTimeOffset.UtcNow);

    public Action? Remember() => null;

    public async ValueTask DisposeAsync()
    {
        await home.DisposeAsync();
        foreach (var folder in Folders.Where(Directory.Exists))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static Databases Of(LocalEngine engine, string server) => new((database, cancel) => engine.OpenAsync(server, database, cancel));

    private async Task<IEnumerable<FoundDatabase>> UsersOwnAsync(string server) =>
        (await DatabasesOf(server).ListAsync(CancellationToken.None)).Where(found => !SystemDatabases.Is(found));

    private async Task<ImmutableSortedSet<string>> RowsAsync(string server, string database)
    {
        await using var admin = await home.Engine.OpenAsync(server, database, CancellationToken.None);
        await using var look = new NpgsqlCommand($"{Table}; select coalesce(array_agg(row), '{{}}') from public.kept", admin.Connection);
        return [.. (string[])(await look.ExecuteScalarAsync())!];
    }
}
