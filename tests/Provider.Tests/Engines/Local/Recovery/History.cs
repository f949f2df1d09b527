using System.Collections.Immutable;
using Npgsql;
using PgFleet.Engines;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>Random changes of a source, and its content after each commit.</summary>
internal sealed class History(RestoreHome home, DateTimeOffset begin, Random random)
{
    private readonly List<(DateTimeOffset At, string State)> states = [(begin, $"{RestoreHome.Database}:")];
    private ImmutableSortedDictionary<string, ImmutableSortedDictionary<string, ImmutableSortedSet<int>>> databases =
        ImmutableSortedDictionary.Create<string, ImmutableSortedDictionary<string, ImmutableSortedSet<int>>>(StringComparer.Ordinal)
            .Add(RestoreHome.Database, ImmutableSortedDictionary.Create<string, ImmutableSortedSet<int>>(StringComparer.Ordinal));

    private Task backup = Task.CompletedTask;
    private int names;

    public IReadOnlyList<(DateTimeOffset At, string State)> States => states;

    public async Task RunAsync(int operations)
    {
        for (var i = 0; i < operations; i++)
        {
            await DoAsync(random.Next(100));
        }
        await backup;
    }

    /// <summary>The source's content at an instant.</summary>
    public string At(DateTimeOffset instant) => states.FindLast(state => state.At <= instant).State;

    /// <summary>A server's current content, in the same form.</summary>
    public static async Task<string> ReadAsync(ManagedServer server)
    {
        var found = new List<string>();
        foreach (var database in await ListAsync(server, "postgres", "select datname::text from pg_database where datname !~ '^(postgres|template)' order by 1"))
        {
            var tables = new List<string>();
            foreach (var table in await ListAsync(server, database, "select tablename::text from pg_tables where schemaname = 'public' order by 1"))
            {
                tables.Add($"{table}({string.Join(',', await ListAsync(server, database, $"select v::text from {table} order by {table}.v"))})");
            }
            found.Add($"{database}:{string.Join(' ', tables)}");
        }
        return string.Join('\n', found);
    }

    private Task DoAsync(int dice) => dice switch
    {
        < 40 when Tables().Any() => InsertAsync(),
        < 50 when Tables().Any() => ChangeAsync(Pick(Tables()), "delete from {0}", rows => rows.Clear()),
        < 65 => CreateTableAsync(),
        < 70 when Tables().Any() => DropTableAsync(),
        < 77 when databases.Count < 4 => CreateDatabaseAsync(),
        < 83 when databases.Count > 1 => DropDatabaseAsync(),
        < 91 => home.Home.AskAdminAsync("select pg_switch_wal()"),
        < 94 => home.Home.AskAdminAsync("checkpoint"),
        < 97 when backup.IsCompleted => BeginBackupAsync(),
        < 98 => RestartAsync(),
        _ => CreateTableAsync(),
    };

    private Task InsertAsync()
    {
        var value = random.Next(1_000_000);
        return ChangeAsync(Pick(Tables()), $"insert into {{0}} values ({value})", rows => rows.Add(value));
    }

    private async Task ChangeAsync((string Database, string Table) place, string sql, Func<ImmutableSortedSet<int>, ImmutableSortedSet<int>> change)
    {
        var tables = databases[place.Database];
        databases = databases.SetItem(place.Database, tables.SetItem(place.Table, change(tables[place.Table])));
        await CommitAsync(place.Database, string.Format(System.Globalization.CultureInfo.InvariantCulture, sql, place.Table));
    }

    private async Task CreateTableAsync()
    {
        var (database, table) = (Pick(databases.Keys), $"t{++names}");
        databases = databases.SetItem(database, databases[database].Add(table, []));
        await CommitAsync(database, $"create table {table} (v int)");
    }

    private async Task DropTableAsync()
    {
        var (database, table) = Pick(Tables());
        databases = databases.SetItem(database, databases[database].Remove(table));
        await CommitAsync(database, $"drop table {table}");
    }

    private async Task CreateDatabaseAsync()
    {
        var (database, strategy) = ($"d{++names}", random.Next(2) == 0 ? "wal_log" : "file_copy");
        databases = databases.Add(database, ImmutableSortedDictionary.Create<string, ImmutableSortedSet<int>>(StringComparer.Ordinal));
        await CommitAsync("postgres", $"create database {database} strategy {strategy}");
    }

    private async Task DropDatabaseAsync()
    {
        var database = Pick(databases.Keys.Where(name => name != RestoreHome.Database));
        databases = databases.Remove(database);
        await CommitAsync("postgres", $"drop database {database}");
    }

    private Task BeginBackupAsync()
    {
        backup = Task.Run(home.BackUpAsync);
        return Task.CompletedTask;
    }

    private async Task RestartAsync()
    {
        await backup;
        await home.Home.KillAsync();
        await home.Home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
    }

    /// <summary>Runs a transaction. There are no others, so the last commit's time is this one's.</summary>
    private async Task CommitAsync(string database, string sql)
    {
        await using var connection = await TestHome.LogInAsync(home.Source, database: database);
        await using (var command = new NpgsqlCommand(sql, connection))
        {
            await command.ExecuteNonQueryAsync();
        }
        await using var clock = new NpgsqlCommand("select timestamp from pg_last_committed_xact()", connection);
        states.Add((new((DateTime)(await clock.ExecuteScalarAsync())!, TimeSpan.Zero), Text()));
    }

    private IEnumerable<(string Database, string Table)> Tables() => databases.SelectMany(database => database.Value.Keys.Select(table => (database.Key, table)));

    private T Pick<T>(IEnumerable<T> all)
    {
        var list = all.ToList();
        return list[random.Next(list.Count)];
    }

    private string Text() => string.Join('\n', databases.Select(database =>
        $"{database.Key}:{string.Join(' ', database.Value.Select(table => $"{table.Key}({string.Join(',', table.Value)})"))}"));

    private static async Task<List<string>> ListAsync(ManagedServer server, string database, string sql)
    {
        await using var connection = await TestHome.LogInAsync(server, database: database);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var texts = new List<string>();
        while (await rows.ReadAsync())
        {
            texts.Add(rows.GetString(0));
        }
        return texts;
    }
}
