using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Deletion;

/// <summary>Completes interrupted deletions, and deletes expired archives. Runs after the fleet's operations, never during a read.</summary>
internal sealed class Housekeeping(
    Home home, DeletedServers deleted, Keeping keeping, Trash trash, ArchivePins pins, Locks locks, Expiry expiry, TimeProvider time)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    /// <summary>Never throws: what is left is done after the next operation.</summary>
    public async Task RunAsync(CancellationToken cancel)
    {
        if (!Directory.Exists(home.Root))
        {
            return;
        }
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            using var held = locks.TryTake(".trash", "emptied");
            if (held is not null)
            {
                await EachAsync(trash.List(), folder => trash.DeleteAsync(folder, both.Token));
                await EachAsync(deleted.List(), server => TendAsync(server, both.Token));
            }
        }
        catch (Exception left) when (IsExpected(left))
        {
        }
    }

    private async Task TendAsync(Restorable server, CancellationToken cancel)
    {
        using var held = pins.TryTake(server.Record);
        if (held is null)
        {
            return; // it is being copied, or deleted by another process
        }
        var (isPast, seen) = expiry.Check(server.Deletion!);
        if (isPast)
        {
            await trash.DeleteAsync(trash.Take(server.Paths), cancel);
            pins.Forget(server.Record);
            return;
        }
        if (seen != server.Deletion)
        {
            DeletedServers.Write(server with { Deletion = seen });
        }
        await keeping.ClearAsync(server, cancel);
    }

    /// <summary>Continues with the others when one fails.</summary>
    private static async Task EachAsync<T>(IEnumerable<T> all, Func<T, Task> tend)
    {
        foreach (var one in all.ToList())
        {
            try
            {
                await tend(one);
            }
            catch (Exception left) when (IsExpected(left) && left is not OperationCanceledException)
            {
            }
        }
    }

    private static bool IsExpected(Exception left) => left is ResourceFailure or IOException or UnauthorizedAccessException or OperationCanceledException;
}
