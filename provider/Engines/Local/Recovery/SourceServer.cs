using Npgsql;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres.Sql;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>The server that is restored, if it runs and answers soon. It is not started, and a restore does without it.</summary>
internal sealed class SourceServer(Home home, AdminConnections connections, TimeProvider time)
{
    /// <summary>Of a look, which a preview waits for.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromSeconds(1);

    /// <summary>Of a restore, which would have less to restore from.</summary>
    private static readonly TimeSpan LongPatience = TimeSpan.FromSeconds(15);

    /// <summary>The server's own clock.</summary>
    public Task<DateTimeOffset?> AskNowAsync(ServerRecord record, CancellationToken cancel) =>
        AskAsync<DateTimeOffset?>(record, ShortPatience, async (admin, token) => Instant(await ScalarAsync(admin, "select pg_catalog.clock_timestamp()", token)), cancel);

    /// <summary>The names of its tablespaces, by their identifiers.</summary>
    public Task<Dictionary<uint, string>?> AskTablespacesAsync(ServerRecord record, CancellationToken cancel) => AskAsync<Dictionary<uint, string>>(
        record,
        ShortPatience,
        async (admin, token) => (await admin.ListAsync(
            $"select oid, {RawText.Sql("spcname")} from pg_catalog.pg_tablespace", [], row => (Id: row.GetFieldValue<uint>(0), RawText.Read(row.GetString(1)).Text), token))
            .ToDictionary(one => one.Id, one => one.Text),
        cancel);

    /// <summary>
    /// Has the server write a commit that is later than everything before, and finish the segment that it lies in: what follows an instant
    /// proves that nothing up to it is missing.
    /// </summary>
    /// <returns>An instant before that commit; null when the server does not answer.</returns>
    /// <remarks>An empty transaction that has an identifier leaves a commit record, also where transactions are read-only by default.</remarks>
    public Task<DateTimeOffset?> MarkAsync(ServerRecord record, CancellationToken cancel) => AskAsync<DateTimeOffset?>(
        record,
        LongPatience,
        async (admin, token) =>
        {
            var before = Instant(await ScalarAsync(admin, "select pg_catalog.clock_timestamp()", token));
            await ScalarAsync(admin, "select pg_catalog.pg_current_xact_id()", token);
            await ScalarAsync(admin, "select pg_catalog.pg_switch_wal()", token);
            return before;
        },
        cancel);

    /// <summary>Something of a source that answers; null from one that does not.</summary>
    public Task<T?> AskAsync<T>(ServerRecord record, Func<NpgsqlConnection, CancellationToken, Task<T>> question, CancellationToken cancel) =>
        AskAsync(record, LongPatience, question, cancel);

    private async Task<T?> AskAsync<T>(ServerRecord record, TimeSpan patience, Func<NpgsqlConnection, CancellationToken, Task<T>> question, CancellationToken cancel)
    {
        if (Postmaster.Find(home.Of(record.Name).Data) is null)
        {
            return default;
        }
        using var limit = new CancellationTokenSource(patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await using var admin = await connections.OpenAsync(record, ServerConfiguration.Superuser, both.Token);
            return await question(admin.Connection, both.Token);
        }
        catch (Exception silent) when (silent is ResourceFailure or NpgsqlException || (silent is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return default;
        }
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection admin, string sql, CancellationToken cancel)
    {
        await using var command = new NpgsqlCommand(sql, admin);
        return await command.ExecuteScalarAsync(cancel);
    }

    private static DateTimeOffset Instant(object? value) => new((DateTime)value!, TimeSpan.Zero);
}
