using Npgsql;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Tests.Postgres.Sql;

/// <summary>One scratch server for all tests of databases; each test uses names of its own.</summary>
public sealed class SqlServer : IAsyncLifetime
{
    internal ScratchServer Scratch { get; private set; } = null!;

    internal Databases Databases => As("postgres");

    public async ValueTask InitializeAsync()
    {
        Scratch = await ScratchServer.StartAsync("wal_level = logical", "max_prepared_transactions = 10");
        await Scratch.ScalarAsync("create role alice login; create role bob login");
    }

    public ValueTask DisposeAsync() => Scratch.DisposeAsync();

    /// <summary>Fails when two connections are held at once, because an engine may have only one.</summary>
    internal Databases As(string administrator)
    {
        var slot = new SemaphoreSlim(1);
        return new(async (database, cancel) =>
        {
            Assert.True(await slot.WaitAsync(0, cancel), "a second connection is asked for while one is held");
            var connection = new NpgsqlConnection(Scratch.ConnectionString(database, administrator));
            try
            {
                await connection.OpenAsync(cancel);
                return new Admin(connection, new Release(slot));
            }
            catch
            {
                slot.Release();
                throw;
            }
        });
    }

    internal Task<FoundDatabase> CreateAsync(DatabaseSpec spec, Databases? databases = null) =>
        (databases ?? Databases).CreateAsync(spec, "Import it.", new OperationContext(CancellationToken.None));

    internal async Task<T> ScalarAsync<T>(string sql, string database = "postgres") => (T)(await Scratch.ScalarAsync(sql, database))!;

    private sealed class Release(SemaphoreSlim slot) : IDisposable
    {
        public void Dispose() => slot.Release();
    }
}

[CollectionDefinition(nameof(SqlServer))]
public sealed class SqlServerDefinition : ICollectionFixture<SqlServer>;
