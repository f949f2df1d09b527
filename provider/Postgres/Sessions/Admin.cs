using Npgsql;

namespace PgFleet.Postgres.Sessions;

/// <summary>An administrator's open connection, borrowed from an engine that bounds their number. Dispose gives it back.</summary>
internal sealed class Admin(NpgsqlConnection connection, IDisposable? slot = null) : IAsyncDisposable
{
    public NpgsqlConnection Connection => connection;

    public async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        slot?.Dispose();
    }
}
