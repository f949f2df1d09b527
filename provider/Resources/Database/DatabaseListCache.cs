using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;

namespace PgFleet.Resources.Database;

/// <summary>What a server holds.</summary>
/// <param name="Databases">By name; null when nothing is to be asked of the server as it is.</param>
internal sealed record DatabaseList(Server Server, IReadOnlyDictionary<string, FoundDatabase>? Databases);

/// <summary>
/// Looks at a server once for all who ask within a moment: a refresh reads every database of it, a few at a time. After a change
/// that was made here it is looked at anew.
/// </summary>
internal sealed class DatabaseListCache(IServerDirectory servers, Func<string, IDatabases> databasesOf, TimeProvider time)
{
    /// <summary>From the beginning of the look: what somebody else changes shows this much later at most.</summary>
    private static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Lock gate = new();
    private readonly Dictionary<string, (long Began, Task<DatabaseList?> Look)> recent = new(StringComparer.Ordinal);

    /// <returns>Null when the server is certainly not there.</returns>
    public Task<DatabaseList?> OfAsync(string instance, bool isFresh, CancellationToken cancel)
    {
        lock (gate)
        {
            if (isFresh || !recent.TryGetValue(instance, out var last) || last.Look is { IsCompleted: true, IsCompletedSuccessfully: false } || time.GetElapsedTime(last.Began) >= Lifetime)
            {
                recent[instance] = last = (time.GetTimestamp(), SharedAsync(instance));
            }
            return last.Look.WaitAsync(cancel);
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

    /// <summary>Nobody's own look, so nobody's to cancel: it has a deadline of its own.</summary>
    private async Task<DatabaseList?> SharedAsync(string instance)
    {
        await Task.Yield(); // out of the lock
        using var limit = new CancellationTokenSource(Patience, time);
        try
        {
            return await LookAsync(instance, limit.Token);
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            throw new ResourceFailure(
                FailureKind.TimedOut, $"Instance \"{instance}\" does not tell what databases it has within {Patience.TotalSeconds:0} s.", "See what it is busy with (pg_stat_activity), then run again.");
        }
    }

    private async Task<DatabaseList?> LookAsync(string instance, CancellationToken cancel)
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
