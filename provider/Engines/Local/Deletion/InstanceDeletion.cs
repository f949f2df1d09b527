using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Engines.Local.Recovery;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Deletion;

/// <summary>
/// Deletes an instance; its archive is kept if its record says so. Both cases end with one rename that frees the name. If the process is killed
/// before it, the instance still exists, stopped; if killed after it, the fleet's next operation deletes the rest.
/// </summary>
internal sealed class InstanceDeletion(Home home, Registry registry, ServerProcess process, SourceServer source, ArchivePins pins, Keeping keeping, Trash trash)
{
    /// <summary>Deletes an instance. The caller holds its lock.</summary>
    public Task DeleteAsync(string name, OperationContext work) => registry.Find(name) switch
    {
        { State: RecordState.Available, Backup.OnDelete: ArchiveOnDelete.Keep } record => KeepAsync(record, work),
        // An unfinished instance has no base backup that a restore could start from.
        var record => DiscardAsync(name, record, work),
    };

    private async Task KeepAsync(ServerRecord record, OperationContext work)
    {
        using var archiveLock = await pins.TakeAsync(record, work);
        // The last commit may be old; marking the WAL now makes later instants restorable too.
        await source.MarkAsync(record, work.Cancel);
        await process.FinishAsync(record.Name, work.Cancel);
        work.Step("stopped the server");
        var kept = keeping.Prepare(record);
        Directory.Move(home.Of(record.Name).Folder, kept.Paths.Folder);
        Posix.SyncDirectory(home.Deleted);
        Posix.SyncDirectory(Path.GetDirectoryName(home.Of(record.Name).Folder)!);
        work.Report("freed the name");
        await keeping.ClearAsync(kept, CancellationToken.None);
        work.Report("deleted the files");
        work.Warn(
            $"The server \"{record.Name}\" is deleted. Its archive and its backups are kept until {RecoveryWindow.Time(kept.Deletion!.KeptUntil)}: until then a {Term.Resource("RestoredInstance")} "
            + $"whose {Term.Property("sourceInstance")} is \"{kept.Identity}\" brings it back. To remove them at once: pgfleet purge {kept.Identity}");
    }

    private async Task DiscardAsync(string name, ServerRecord? record, OperationContext work)
    {
        var paths = home.Of(name);
        if (!Directory.Exists(paths.Folder))
        {
            return;
        }
        if (record is null && paths.HasData)
        {
            throw new ResourceFailure(FailureKind.Conflict, $"\"{paths.Data}\" holds data, but its record is gone.", "Put record.json back from a copy of the home, or move the folder away.");
        }
        using var archiveLock = record is null ? null : await pins.TakeAsync(record, work);
        RequireNoneGoesOnFrom(record);
        await process.AbandonAsync(name, work.Cancel);
        work.Step("stopped the server");
        var trashed = trash.Take(paths);
        work.Report("freed the name");
        await trash.DeleteAsync(trashed, CancellationToken.None);
        if (record is not null)
        {
            pins.Forget(record);
        }
        work.Report("deleted the files");
    }

    /// <summary>Refuses while a restore from this server was interrupted before it had copied the archive: it would have no source any more.</summary>
    private void RequireNoneGoesOnFrom(ServerRecord? source)
    {
        if (source is { State: RecordState.Available }
            && registry.List().FirstOrDefault(other => other.Origin?.SourceId == source.InstanceId && other.State == RecordState.Building && !Directory.Exists(home.Of(other.Name).Data)) is { } begun)
        {
            throw new ResourceFailure(
                FailureKind.Conflict,
                $"\"{source.Name}\" is not deleted: the restore of \"{begun.Name}\" from it was interrupted, and its archive would go with it, since its {Term.Property("backup.onDelete")} is \"delete\".",
                $"Run the creation of \"{begun.Name}\" again, or remove it: pgfleet delete {begun.Name}");
        }
    }
}
