using System.Globalization;
using System.Text;
using Npgsql;
using PgFleet.Platform;
using PgFleet.Postgres.Backup;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives.Backup;

/// <summary>Takes one base backup. The caller holds the backup lock.</summary>
/// <remarks>Until the last step, the backup has a name that no reader lists and that the next run deletes.</remarks>
internal sealed class BackupJob(ArchiveConfig config, ArchiveLayout layout, IProgress<ByteProgress> progress, TimeProvider clock)
{
    public async Task<BaseBackup> RunAsync(CancellationToken cancel)
    {
        RemoveLeftovers();
        try
        {
            return await TakeAsync(cancel);
        }
        catch (Exception failure)
        {
            // A full disk must be freed, because WAL is archived on the same one.
            RemoveLeftovers();
            if (failure is NpgsqlException lost && await ServerEnd.ExplainsAsync(lost, config))
            {
                throw new BackupInterruptedException(config.Name, lost);
            }
            throw;
        }
    }

    private async Task<BaseBackup> TakeAsync(CancellationToken cancel)
    {
        await using var session = new BackupSession(config);
        await session.OpenAsync(cancel);
        var start = await session.StartAsync("pgfleet", cancel);
        var name = start.At.UtcDateTime.ToString(BaseBackup.NameFormat, CultureInfo.InvariantCulture);
        var folder = layout.UnfinishedBackup(name);
        var data = Path.Combine(folder, BackupCatalogue.DataFolder);

        var files = await new BackupCopy(config.DataDirectory, data, progress).RunAsync(cancel);
        var stop = await session.StopAsync(cancel);
        var backup = Describe(name, start, stop, files);
        await Task.WhenAll(
            new ArchiverWait(config.Name, layout, session, clock).UntilStoredAsync(SegmentsOf(backup, start.SegmentSize), cancel),
            Task.Run(() => FinishAsync(folder, backup, stop.Label, files, cancel), cancel));

        Directory.Move(folder, layout.Backup(name));
        Posix.SyncDirectory(layout.Backups);
        return backup;
    }

    private void RemoveLeftovers()
    {
        foreach (var left in Directory.EnumerateDirectories(layout.Backups, ".*.tmp").Where(path => ArchiveLayout.IsUnfinishedBackup(Path.GetFileName(path))))
        {
            Directory.Delete(left, recursive: true);
        }
    }

    private BaseBackup Describe(string name, BackupStart start, BackupStop stop, IReadOnlyCollection<BackupFile> files) => new()
    {
        Name = name,
        StartedAt = start.At,
        EndedAt = stop.At,
        StartLsn = stop.Label.Start,
        StopLsn = stop.Lsn,
        StartSegment = stop.Label.StartSegment,
        Timeline = stop.Label.Timeline,
        ServerVersion = start.ServerVersion,
        SystemIdentifier = config.SystemIdentifier,
        Bytes = files.Sum(file => file.Size),
        Limits = start.Limits,
    };

    private static IEnumerable<WalSegment> SegmentsOf(BaseBackup backup, long size)
    {
        var last = WalSegment.Before(backup.StopLsn, backup.Timeline, size);
        for (var segment = WalSegment.Parse(backup.StartSegment, size); segment.Number <= last.Number; segment = segment.Next)
        {
            yield return segment;
        }
    }

    /// <summary>Completes the copy, syncs it to disk and verifies it.</summary>
    private static async Task FinishAsync(string folder, BaseBackup backup, BackupLabel label, IReadOnlyCollection<BackupFile> copied, CancellationToken cancel)
    {
        var data = Path.Combine(folder, BackupCatalogue.DataFolder);
        var text = Encoding.UTF8.GetBytes(label.Text);
        BackupFile[] files = [.. copied, new(DataDirectory.Label, text.Length, backup.EndedAt.UtcDateTime, Crc32C.Of(text))];
        await File.WriteAllBytesAsync(Path.Combine(data, DataDirectory.Label), text, cancel);
        await File.WriteAllTextAsync(
            Path.Combine(data, DataDirectory.Manifest), BackupManifest.Write(files, backup.Timeline, backup.StartLsn, backup.StopLsn), cancel);
        await File.WriteAllBytesAsync(
            Path.Combine(folder, BackupCatalogue.FileName), backup.ToJson(), cancel);
        Posix.SyncFileSystem(folder);
        await BackupVerification.RunAsync(data, files, cancel);
    }
}
