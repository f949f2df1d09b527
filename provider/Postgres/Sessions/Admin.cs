using Npgsql;

namespace PgFleet.Postgres.Sessions;

/// <summary>An administrator's open connection, on loan from a pool that limits their number. Dispose returns it.</summary>
internal sealed class Admin(NpgsqlConnection connection, IDisposable? slot = null) : IAsyncDisposable
{
    public NpgsqlConnection Connection => connection;

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        slot?.Dispose();
    }
}
