using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Deletion;

/// <summary>Deletes the kept archive of one deleted server immediately.</summary>
internal sealed class Purge(DeletedServers deleted, Registry registry, Trash trash, ArchivePins pins)
{
    /// <returns>The server's identity.</returns>
    public async Task<string> RunAsync(string asked, OperationContext work)
    {
        var server = deleted.MeantBy(asked) switch
        {
            [var one] => one,
            [] => throw Missing(asked),
            var several => throw new ResourceFailure(
                FailureKind.Conflict, $"Several deleted servers bore the name \"{asked}\": {Text(several)}.", "Write the identity of the one to remove."),
        };
        using var archiveLock = await pins.TakeAsync(server.Record, work);
        if (Directory.Exists(server.Paths.Folder))
        {
            work.Step("removing what is kept");
            await trash.DeleteAsync(trash.Take(server.Paths), CancellationToken.None);
        }
        pins.Forget(server.Record);
        return server.Identity;
    }

    private ResourceFailure Missing(string asked) => new(
        FailureKind.Missing,
        registry.Find(asked) is null ? $"No deleted server \"{asked}\" is kept." : $"Instance \"{asked}\" is not deleted, and no other of that name is kept.",
        Message.Join(" ", [deleted.List() is { Count: > 0 } kept ? $"These are kept: {Text(kept)}." : "None is kept.", .. deleted.ListDamaged(asked)]));

    private static string Text(IEnumerable<Restorable> servers) =>
        string.Join(", ", servers.Select(server => $"\"{server.Identity}\", deleted at {RecoveryWindow.Time(server.Deletion!.DeletedAt)}"));
}
