using System.Collections.Concurrent;
using Npgsql;
using PgFleet.Failures;
using PgFleet.Security;

namespace PgFleet.Postgres.Sessions;

/// <summary>Administrators' connections: a few at once to each server, in the order of asking.</summary>
internal sealed class AdminPool
{
    /// <summary>Statements about a whole server are given in this database.</summary>
    public const string Maintenance = "postgres";

    private const int AtOnce = 4;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, SemaphoreSlim> slots = new(StringComparer.Ordinal);

    /// <summary>By address. Kept, because to make one costs as much as what is done with it.</summary>
    private readonly ConcurrentDictionary<(string Server, Secret Address, string Pins), NpgsqlDataSource> sources = new();

    /// <param name="server">Its name, for which the connections are counted.</param>
    /// <param name="address">What leads there. How many connections there may be, and which are kept, is added.</param>
    /// <param name="pins">The names of <see cref="Pins.Uncertain"/> that the administrator may set there.</param>
    /// <param name="build">What an address in words does not tell.</param>
    /// <exception cref="NpgsqlException">The server does not let the administrator in.</exception>
    /// <exception cref="ResourceFailure">All connections stay in use.</exception>
    public async Task<Admin> OpenAsync(
        string server, NpgsqlConnectionStringBuilder address, IEnumerable<string> pins, CancellationToken cancel, Action<NpgsqlSlimDataSourceBuilder>? build = null)
    {
        var slot = slots.GetOrAdd(server, _ => new(AtOnce));
        if (!await slot.WaitAsync(Patience, cancel))
        {
            throw new ResourceFailure(FailureKind.Exhausted, $"All {AtOnce} administrator's connections to \"{server}\" are in use.", "Run fewer operations at once.");
        }
        var lease = new Lease(slot);
        try
        {
            return new(await ConnectAsync(Source(server, address, [.. pins], build), cancel), lease);
        }
        catch (PostgresException full) when (full.SqlState == PostgresErrorCodes.TooManyConnections)
        {
            // What is kept for the next statement may be what is wanting for this one.
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

    /// <summary>A kept connection may be one to a server that was restarted since; then a new one is made.</summary>
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
        // In another database a kept connection would stand in the way of dropping it.
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
