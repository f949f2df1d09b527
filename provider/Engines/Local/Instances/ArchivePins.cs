using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Instances;

/// <summary>Pins a server's archive while it is copied. Several copies may run at once; moving or deleting it waits for them.</summary>
/// <remarks>Locks between processes, by the server's identity, because its name may be reused. They end with the process that holds them.</remarks>
internal sealed class ArchivePins(Home home, Registry registry, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(10);

    /// <summary>Pins the archive for a copy.</summary>
    /// <exception cref="ResourceFailure">The server's deletion takes too long.</exception>
    public Task<IDisposable> ShareAsync(ServerRecord server, CancellationToken cancel) => Poll.UntilTakenAsync(
        Timeout,
        time,
        () => TryShare(server.InstanceId),
        () => new(FailureKind.TimedOut, $"\"{server.Name}\" is still being deleted.", "Wait until that has ended, then run this again."),
        cancel);

    /// <summary>Locks the archive for the deletion of the server or of the archive.</summary>
    /// <exception cref="ResourceFailure">A copy takes too long.</exception>
    public async Task<IDisposable> TakeAsync(ServerRecord server, OperationContext work)
    {
        if (TryTake(server) is { } free)
        {
            return free;
        }
        work.Step($"waiting for {Readers(server)}");
        return await Poll.UntilTakenAsync(
            Timeout,
            time,
            () => TryTake(server),
            () => new(
                FailureKind.TimedOut,
                $"\"{server.Name}\" is not deleted: {Readers(server)} has not ended after {Timeout.TotalMinutes:0} minutes.",
                "Wait until that has ended, then run this again."),
            work.Cancel);
    }

    /// <summary>Locks the archive without waiting; null while it is copied, or deleted by another process.</summary>
    public IDisposable? TryTake(ServerRecord server)
    {
        home.Ensure();
        return FileLock.TryTake(PathOf(server.InstanceId));
    }

    /// <summary>Deletes the lock file. The caller holds the lock of a server of which nothing is left.</summary>
    public void Forget(ServerRecord server) => File.Delete(PathOf(server.InstanceId));

    private IDisposable? TryShare(Guid id)
    {
        home.Ensure();
        var path = PathOf(id);
        if (!File.Exists(path))
        {
            FileLock.TryTake(path)?.Dispose();
        }
        try
        {
            return FileLock.TryShare(path);
        }
        catch (FileNotFoundException)
        {
            return null; // deleted by another process at this moment
        }
    }

    private string Readers(ServerRecord server) =>
        registry.List().Where(record => record.Origin?.SourceId == server.InstanceId && record.State == RecordState.Building)
            .Select(record => $"\"{record.Name}\"").ToList() is { Count: > 0 } names
            ? $"the restore of {string.Join(", ", names)}, which copies its archive,"
            : "a restore that copies its archive";

    private string PathOf(Guid id) => Path.Combine(home.Locks, $".archive-{id:N}.lock");
}
