using System.Collections.Concurrent;
using Npgsql;
using PgFleet.Failures;
using PgFleet.Security;

namespace PgFleet.Postgres.Sessions;

/// <summary>Pools administrators' connections: a limited number for each server, granted in the order of requests.</summary>
internal sealed class AdminPool(TimeProvider time)
{
    /// <summary>The database in which statements about the whole server are run.</summary>
    public const string Maintenance = "postgres";

    private const int AtOnce = 4;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> slots = new(StringComparer.Ordinal);

    /// <summary>Data sources by address. Kept, because creating a connection costs as much as a typical statement.</summary>
    private readonly ConcurrentDictionary<(string Server, Secret Address, string Pins), NpgsqlDataSource> sources = new();

    /// <param name="server">The server's name; connections are counted by it.</param>
    /// <param name="address">The connection's address. Pool size and lifetimes are set here.</param>
    /// <param name="pins">The names of <see cref="Pins.Uncertain"/> that the administrator may set on this server.</param>
    /// <param name="cancel">Stops waiting and connecting.</param>
    /// <param name="build">Configures what a connection string cannot express.</param>
    /// <exception cref="NpgsqlException">The server rejects the connection.</exception>
    /// <exception cref="ResourceFailure">All connections stay in use.</exception>
    public async Task<Admin> OpenAsync(
        string server, NpgsqlConnectionStringBuilder address, IEnumerable<string> pins, CancellationToken cancel, Action<NpgsqlSlimDataSourceBuilder>? build = null)
    {
        var slot = slots.GetOrAdd(server, _ => new(AtOnce));
        await TakeAsync(slot, server, cancel);
        var lease = new Lease(slot);
        try
        {
            return new(await ConnectAsync(Source(server, address, [.. pins], build), cancel), lease);
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            // Idle pooled connections may be what takes up the slots: release them.
            foreach (var kept in sources.Where(source => source.Key.Server == server))
            {
                kept.Value.Clear();
            }
            lease.Dispose();
            throw;
        }
        catch
        {
            lease.Dispose();
            throw;
        }
    }

    private async Task TakeAsync(SemaphoreSlim slot, string server, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            await slot.WaitAsync(both.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            throw new ResourceFailure(FailureKind.Exhausted, $"All {AtOnce} administrator's connections to \"{server}\" are in use.", "Run fewer operations at once.");
        }
    }

    /// <summary>Opens a connection. A pooled one may belong to a server that was restarted since; then the pool is cleared and a new one is opened.</summary>
    private static async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        try
        {
            return await AdminSession.OpenAsync(source, cancel);
        }
        catch (NpgsqlException lost) when (lost is not PostgresException { SqlState: PostgresErrorCodes.TooManyConnections })
        {
            source.Clear();
            return await AdminSession.OpenAsync(source, cancel);
        }
    }

    private NpgsqlDataSource Source(string server, NpgsqlConnectionStringBuilder address, string[] pins, Action<NpgsqlSlimDataSourceBuilder>? build)
    {
        address.ApplicationName = "pgfleet";
        // In any other database, an idle pooled connection would block DROP DATABASE.
        address.Pooling = address.Database == Maintenance;
        address.MaxPoolSize = AtOnce;
        address.ConnectionIdleLifetime = 5;
        address.ConnectionPruningInterval = 1;
        address.CommandTimeout = 0;
        return sources.GetOrAdd((server, address.ConnectionString, string.Join(' ', pins)), _ => AdminSession.Source(address, pins, build));
    }

    private sealed class Lease(SemaphoreSlim slot) : IDisposable
    {
        public void Dispose() => slot.Release();
    }
}
