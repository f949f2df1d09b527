using System.Collections.Concurrent;
using System.Globalization;
using Npgsql;
using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>The superuser's connections over an instance's socket: a few at once for each, in the order of asking.</summary>
internal sealed class AdminConnections(Home home)
{
    private const int AtOnce = 4;
    private const string Maintenance = "postgres";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <remarks>
    /// Nothing of what such a session says is written to a log or shown to others: it may hold a password's verifier. Its search path is
    /// empty, because in a database of the user's an unqualified name could lead the superuser to a function of the user's making.
    /// </remarks>
    private const string Options =
        "-c log_statement=none -c log_min_duration_statement=-1 -c log_min_duration_sample=-1 -c log_transaction_sample_rate=0 -c log_duration=off "
        + "-c log_min_error_statement=panic -c log_parameter_max_length=0 -c log_parameter_max_length_on_error=0 -c track_activities=off "
        + "-c pg_stat_statements.track=none -c auto_explain.log_min_duration=-1 "
        + "-c search_path= -c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0 -c role=none";

    private readonly ConcurrentDictionary<string, SemaphoreSlim> slots = new();

    /// <summary>By address. Kept, because to make one costs as much as what is done with it.</summary>
    private readonly ConcurrentDictionary<string, NpgsqlDataSource> sources = new(StringComparer.Ordinal);

    /// <exception cref="ResourceFailure">The server does not answer, or all connections stay in use.</exception>
    public async Task<Admin> OpenAsync(ServerRecord record, string database, CancellationToken cancel)
    {
        var slot = slots.GetOrAdd(record.Name, _ => new(AtOnce));
        if (!await slot.WaitAsync(Patience, cancel))
        {
            throw new ResourceFailure(FailureKind.Exhausted, $"All {AtOnce} administrator's connections to \"{record.Name}\" are in use.", "Run fewer operations at once.");
        }
        var lease = new Lease(slot);
        try
        {
            return new(await ConnectAsync(Source(record, database), cancel), lease);
        }
        catch (NpgsqlException refused)
        {
            lease.Dispose();
            throw new ResourceFailure(
                FailureKind.Unavailable,
                $"Instance \"{record.Name}\" does not answer on its socket for database \"{database}\": {refused.InnerException?.Message ?? refused.Message}.",
                "See its log.",
                refused);
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    /// <summary>A kept connection may be one to a server that was restarted since; then a new one is made.</summary>
    private static async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        var connection = await source.OpenConnectionAsync(cancel);
        try
        {
            await using var greeting = new NpgsqlCommand("select", connection);
            await greeting.ExecuteNonQueryAsync(cancel);
            return connection;
        }
        catch (NpgsqlException)
        {
            await connection.DisposeAsync();
            source.Clear();
            return await source.OpenConnectionAsync(cancel);
        }
    }

    private NpgsqlDataSource Source(ServerRecord record, string database)
    {
        var paths = home.Of(record.Name);
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = paths.Socket,
            Port = RunningPort(paths) ?? record.Port,
            Database = database,
            Username = Configuration.Superuser,
            ApplicationName = "pgfleet",
            Options = Options,
            // In another database a kept connection would stand in the way of dropping it.
            Pooling = database == Maintenance,
            MaxPoolSize = AtOnce,
            ConnectionIdleLifetime = 5,
            ConnectionPruningInterval = 1,
            SslMode = SslMode.Disable,
            GssEncryptionMode = GssEncryptionMode.Disable,
            CommandTimeout = 0,
        };
        return sources.GetOrAdd(address.ConnectionString, text => new NpgsqlSlimDataSourceBuilder(text).EnableArrays().Build());
    }

    /// <summary>A change that was killed half-way leaves a server on another port than its record says.</summary>
    private static int? RunningPort(InstancePaths paths) =>
        Postmaster.Find(paths.Data)?.Setting("port") is { } port ? int.Parse(port, CultureInfo.InvariantCulture) : null;

    private sealed class Lease(SemaphoreSlim slot) : IDisposable
    {
        public void Dispose() => slot.Release();
    }
}
