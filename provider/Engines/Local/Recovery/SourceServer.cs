using Npgsql;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>The source of a restore, if it runs and answers in time. It is not started; a restore works without it.</summary>
internal sealed class SourceServer(Home home, AdminConnections connections, TimeProvider time)
{
    /// <summary>Time limit for a read, which a preview waits for.</summary>
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromSeconds(1);

    /// <summary>Time limit for a restore, which without an answer could use less WAL.</summary>
    private static readonly TimeSpan LongTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Reads the server's clock.</summary>
    public Task<DateTimeOffset?> QueryClockAsync(ServerRecord record, CancellationToken cancel) =>
        QueryAsync<DateTimeOffset?>(record, ShortTimeout, async (admin, token) => await NowAsync(admin, token), cancel);

    /// <summary>Reads the names of its tablespaces, by OID.</summary>
    public Task<Dictionary<uint, string>?> QueryTablespacesAsync(ServerRecord record, CancellationToken cancel) => QueryAsync<Dictionary<uint, string>>(
        record,
        ShortTimeout,
        async (admin, token) => (await admin.ListAsync(
            $"select oid, {RawText.Sql("spcname")} from pg_catalog.pg_tablespace", [], row => (Id: row.GetFieldValue<uint>(0), RawText.Read(row.GetString(1)).Text), token))
            .ToDictionary(one => one.Id, one => one.Text),
        cancel);

    /// <summary>
    /// Makes the server write a commit later than everything before, and switch to a new WAL segment: a later commit in the archive proves that
    /// nothing up to an instant is missing.
    /// </summary>
    /// <returns>An instant before that commit; null when the server does not answer.</returns>
    /// <remarks>An empty transaction with a transaction id writes a commit record, even if transactions are read-only by default.</remarks>
    public Task<DateTimeOffset?> MarkAsync(ServerRecord record, CancellationToken cancel) => QueryAsync<DateTimeOffset?>(
        record,
        LongTimeout,
        async (admin, token) =>
        {
            var before = await NowAsync(admin, token);
            await admin.ExecuteAsync("select pg_catalog.pg_current_xact_id()", [], token);
            await admin.ExecuteAsync("select pg_catalog.pg_switch_wal()", [], token);
            return before;
        },
        cancel);

    /// <summary>Queries the source; null when it does not answer.</summary>
    public Task<T?> QueryAsync<T>(ServerRecord record, Func<NpgsqlConnection, CancellationToken, Task<T>> question, CancellationToken cancel) =>
        QueryAsync(record, LongTimeout, question, cancel);

    private async Task<T?> QueryAsync<T>(ServerRecord record, TimeSpan timeout, Func<NpgsqlConnection, CancellationToken, Task<T>> question, CancellationToken cancel)
    {
        if (Postmaster.Find(home.Of(record.Name).Data) is null)
        {
            return default;
        }
        using var limit = new CancellationTokenSource(timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await using var admin = await connections.OpenAsync(record, AdminPool.Maintenance, both.Token);
            return await question(admin.Connection, both.Token);
        }
        catch (Exception silent) when (silent is ResourceFailure or NpgsqlException || (silent is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return default;
        }
    }

    private static async Task<DateTimeOffset> NowAsync(NpgsqlConnection admin, CancellationToken cancel) =>
        new(await admin.ScalarAsync<DateTime>("select pg_catalog.clock_timestamp()", [], cancel), TimeSpan.Zero);
}
