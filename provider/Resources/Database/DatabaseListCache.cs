using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;

namespace PgFleet.Resources.Database;

/// <summary>The databases of a server.</summary>
/// <param name="Server">The server.</param>
/// <param name="Databases">The databases by name; null when the server cannot be queried in its current status.</param>
internal sealed record DatabaseList(Server Server, IReadOnlyDictionary<string, FoundDatabase>? Databases);

/// <summary>
/// Caches a server's list of databases for a moment: a refresh reads every database of a server, a few at a time. A change made through this
/// cache invalidates it.
/// </summary>
internal sealed class DatabaseListCache(IServerDirectory servers, Func<string, IDatabases> databasesOf, TimeProvider time)
{
    /// <summary>Measured from the start of a query: the maximum age of a change by others that is not visible yet.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Began, Task<DatabaseList?> Query)> recent = new(StringComparer.Ordinal);

    /// <summary>Returns a server's databases. <paramref name="isFresh"/>: by a new query.</summary>
    /// <returns>Null when the server certainly does not exist.</returns>
    public Task<DatabaseList?> OfAsync(string instance, bool isFresh, CancellationToken cancel)
    {
        lock (gate)
        {
            if (isFresh || !recent.TryGetValue(instance, out var last) || last.Query is { IsCompleted: true, IsCompletedSuccessfully: false } || time.GetElapsedTime(last.Began) >= Lifetime)
            {
                recent[instance] = last = (time.GetTimestamp(), SharedAsync(instance));
            }
            return last.Query.WaitAsync(cancel);
        }
    }

    public async Task<T> ChangeAsync<T>(string instance, Func<Task<T>> change)
    {
        try
        {
            return await change();
        }
        finally
        {
            lock (gate)
            {
                recent.Remove(instance);
            }
        }
    }

    public Task ChangeAsync(string instance, Func<Task> change) => ChangeAsync(instance, async () => { await change(); return true; });

    /// <summary>Runs a query shared by several callers: no caller's cancellation stops it, so it has a time limit of its own.</summary>
    private async Task<DatabaseList?> SharedAsync(string instance)
    {
        await Task.Yield(); // leave the lock first
        using var limit = new CancellationTokenSource(Timeout, time);
        try
        {
            return await QueryAsync(instance, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new ResourceFailure(
                FailureKind.TimedOut, $"Instance \"{instance}\" does not tell what databases it has within {Timeout.TotalSeconds:0} s.", "See what it is busy with (pg_stat_activity), then run again.");
        }
    }

    private async Task<DatabaseList?> QueryAsync(string instance, CancellationToken cancel)
    {
        if (await servers.FindAsync(instance, cancel) is not { } server)
        {
            return null;
        }
        if (server.Status is ServerStatus.Stopped or ServerStatus.Unfinished or ServerStatus.Lost or ServerStatus.Unreachable)
        {
            return new(server, null);
        }
        return new(server, (await databasesOf(instance).ListAsync(cancel)).ToDictionary(found => found.Spec.Name, StringComparer.Ordinal));
    }
}
