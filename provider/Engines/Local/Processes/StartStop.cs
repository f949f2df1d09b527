using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Starts and stops completed instances.</summary>
internal sealed class StartStop(Home home, Registry registry, Locks locks, ServerProcess process)
{
    /// <summary>Starts a server that is needed, unless a person stopped it.</summary>
    public async Task<ServerRecord> StartIfStoppedAsync(string name, CancellationToken cancel)
    {
        using var instanceLock = await TakeAsync(name, "started", cancel);
        var record = registry.Get(name);
        return record.StoppedByUser ? throw InstanceFailures.StoppedFailure(name) : await RunAsync(record, cancel);
    }

    /// <summary>
    /// Starts a server. <paramref name="byUser"/> false: the machine boots, so a server that a person stopped stays down, and an unfinished one is left to its
    /// creator.
    /// </summary>
    /// <returns>Whether it was started.</returns>
    public async Task<bool> StartAsync(string name, bool byUser, CancellationToken cancel)
    {
        using var instanceLock = await TakeAsync(name, "started", cancel);
        var record = registry.Get(name);
        if (!byUser && (record.StoppedByUser || record.State != RecordState.Available))
        {
            return false;
        }
        await RunAsync(record.RequireFinished() with { StoppedByUser = false }, cancel);
        return true;
    }

    /// <remarks>The record is written first, so that a server killed during its shutdown stays down.</remarks>
    public async Task<ServerRecord> StopAsync(string name, bool byUser, CancellationToken cancel)
    {
        using var instanceLock = await TakeAsync(name, "stopped", cancel);
        var record = registry.Get(name);
        record = registry.Write(record with { StoppedByUser = byUser || record.StoppedByUser });
        await process.StopAsync(name, cancel);
        return record;
    }

    /// <remarks>An unknown name is refused before a lock creates folders for it.</remarks>
    private Task<IDisposable> TakeAsync(string name, string operation, CancellationToken cancel)
    {
        registry.Get(name);
        return locks.TakeInstanceAsync(name, operation, cancel);
    }

    private async Task<ServerRecord> RunAsync(ServerRecord record, CancellationToken cancel) =>
        home.Of(record.Name).HasData
            ? registry.Write(await process.EnsureRunningAsync(record, cancel))
            : throw InstanceFailures.LostFailure(record.Name);
}
