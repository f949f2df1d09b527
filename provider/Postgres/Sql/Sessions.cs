using Npgsql;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>
/// Runs work on administrators' sessions, one connection at a time, with timeouts. Retries transient errors and translates
/// the others into <see cref="Failures.ResourceFailure"/>. Work may therefore run several times.
/// </summary>
internal sealed class Sessions(Func<string, CancellationToken, Task<Admin>> open, TimeProvider time)
{
    /// <summary>The database for statements about the whole server; it is never dropped or renamed.</summary>
    public const string Maintenance = AdminPool.Maintenance;

    private const int MostAttempts = 7;

    // A database's owner may set defaults for every session in it, including the administrator's: a search_path that finds other
    // functions and operators first, or default_transaction_read_only, which would refuse every change.
    private const string Bounds = """
        select pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false), pg_catalog.set_config('default_transaction_read_only', $1, false),
            pg_catalog.set_config('lock_timeout', '10s', false), pg_catalog.set_config('statement_timeout', $2, false)
        """;

    public Task<T> ReadAsync<T>(string database, string doing, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel) =>
        RunAsync(database, doing, ["on", "30s"], work, cancel);

    /// <summary>For statements that cannot run in a transaction. The hour's limit ends a statement whose client was killed.</summary>
    public Task ChangeAsync(string database, string doing, Func<NpgsqlConnection, Task> work, CancellationToken cancel) =>
        RunAsync(database, doing, ["off", "1h"], async connection => { await work(connection); return true; }, cancel);

    public Task<T> TransactionAsync<T>(string database, string doing, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel) =>
        RunAsync(
            database,
            doing,
            ["off", "1h"],
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(cancel);
                var result = await work(connection);
                await transaction.CommitAsync(cancel);
                return result;
            },
            cancel);

    public Task TransactionAsync(string database, string doing, Func<NpgsqlConnection, Task> work, CancellationToken cancel) =>
        TransactionAsync(database, doing, async connection => { await work(connection); return true; }, cancel);

    private async Task<T> RunAsync<T>(string database, string doing, string[] bounds, Func<NpgsqlConnection, Task<T>> work, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await using var admin = await open(database, cancel);
                await admin.Connection.ScalarAsync<string>(Bounds, bounds, cancel);
                return await work(admin.Connection);
            }
            catch (Exception refusal) when (attempt < MostAttempts && SqlFailure.Passes(refusal))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50 << attempt), time, cancel);
            }
            catch (NpgsqlException refusal)
            {
                throw SqlFailure.Of(doing, refusal);
            }
        }
    }
}
