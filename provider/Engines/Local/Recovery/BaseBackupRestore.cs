using System.Globalization;
using System.Text.Json;
using PgFleet.Archives;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Creates the data directory of a restored server, and the WAL to replay. Everything is in the new server's own folders.</summary>
internal sealed class BaseBackupRestore(Home home, Registry registry, ServiceAccount account, Folders folders, HelperProcess helper, SourceServer source, Restorables restorables)
{
    /// <summary>Returns the record with the point that the copy recovers to.</summary>
    public async Task<ServerRecord> RunAsync(ServerRecord record, OperationContext work)
    {
        var (paths, origin) = (home.Of(record.Name), record.Origin!);
        if (Directory.Exists(paths.Data))
        {
            return record;
        }
        work.Step("reaching the instant");
        var (from, pin) = await restorables.PinAsync(origin, work.Cancel);
        using var pinned = pin;
        var instant = await ReachAsync(from, origin, work.Cancel);
        await folders.DeleteAsync([.. paths.Attempts, paths.Replay], work.Cancel);
        var (data, replay) = paths.NewAttempt();
        account.MakeFolder(data);
        account.MakeFolder(replay);
        var point = await CopyAsync(record, from, instant, data, replay, work);
        Directory.Move(replay, paths.Replay);
        // Before the rename: a folder named data has a recorded recovery target.
        record = registry.Write(record with { Origin = origin with { Point = point } });
        Directory.Move(data, paths.Data);
        Posix.SyncDirectory(paths.Folder);
        foreach (var warning in point.Warnings)
        {
            work.Warn(warning);
        }
        return record;
    }

    /// <summary>Resolves the instant. Once resolved, the latest instant stays the same.</summary>
    private async Task<DateTimeOffset?> ReachAsync(Restorable from, OriginRecord origin, CancellationToken cancel)
    {
        var now = from.Deletion is null ? await source.MarkAsync(from.Record, cancel) : null;
        return origin.Point?.Instant ?? origin.Instant ?? now;
    }

    private async Task<RestorePoint> CopyAsync(ServerRecord record, Restorable from, DateTimeOffset? instant, string data, string replay, OperationContext work)
    {
        var point = await helper.RunAsync(
            step => work.Step(step.Name, step.Done, step.Of),
            $"Instance \"{record.Name}\" cannot be restored from \"{from.Title}\", and nothing of it is left behind.",
            work.Cancel,
            ArchiveCommands.RestoreBackup,
            from.ArchiveConfig,
            data,
            replay,
            instant?.UtcDateTime.ToString("O", CultureInfo.InvariantCulture) ?? ArchiveCommands.Latest);
        return JsonSerializer.Deserialize(point, ArchiveJson.Default.RestorePoint)!;
    }
}
