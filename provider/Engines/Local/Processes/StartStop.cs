using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Starts and stops finished instances.</summary>
internal sealed class StartStop(Home home, Registry registry, Locks locks, ServerProcess process)
{
    /// <summary>Starts a server that something wants to use, unless a person stopped it.</summary>
    public async Task<ServerRecord> StartIfStoppedAsync(string name, CancellationToken cancel)
    {
        using var alone = await TakeAsync(name, "started", cancel);
        var record = registry.Get(name);
        return record.StoppedByUser ? throw InstanceFailures.StoppedFailure(name) : await RunAsync(record, cancel);
    }

    /// <param name="byUser">False: the machine starts, so a server that a person stopped stays down, and an unfinished one waits for its maker.</param>
    /// <returns>Whether it was started.</returns>
    public async Task<bool> StartAsync(string name, bool byUser, CancellationToken cancel)
    {
        using var alone = await TakeAsync(name, "started", cancel);
        var record = registry.Get(name);
        if (!byUser && (record.StoppedByUser || record.State != RecordState.Available))
        {
            return false;
        }
        await RunAsync(record.RequireFinished() with { StoppedByUser = false }, cancel);
        return true;
    }

    /// <remarks>The wish is written first: a server that is killed on its way down stays down.</remarks>
    public async Task<ServerRecord> StopAsync(string name, bool byUser, CancellationToken cancel)
    {
        using var alone = await TakeAsync(name, "stopped", cancel);
        var record = registry.Get(name);
        record = registry.Write(record with { StoppedByUser = byUser || record.StoppedByUser });
        await process.StopAsync(name, cancel);
        return record;
    }

    /// <remarks>A name that nobody bears is refused before a lock makes folders for it.</remarks>
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
