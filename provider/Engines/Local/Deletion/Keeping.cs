using System.Text.Json;
using PgFleet.Archives;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Deletion;

/// <summary>Reduces a deleted server to what is kept: its record, its archive, and what a restore needs to know.</summary>
internal sealed class Keeping(Home home, ServiceAccount account, Folders folders, HelperProcess helper, Expiry expiry)
{
    /// <summary>
    /// Writes files that describe the server at its new location, before its folder is moved. From the move on, it can be restored from there.
    /// </summary>
    public Restorable Prepare(ServerRecord record)
    {
        var (here, there) = (home.Of(record.Name), home.DeletedOf(record.Name, record.InstanceId));
        DurableFile.Write(
            here.KeptArchiveConfig, JsonSerializer.Serialize(ConfigurationFiles.Archive(record, there), ArchiveJson.Default.ArchiveConfig), Modes.Shared, account.User.Group);
        var deletion = expiry.Begin(record.Backup.Retention);
        DeletedServers.Write(new(record, here, deletion));
        return new(record, there, deletion);
    }

    /// <summary>Deletes everything that a restore does not need. WAL that is not archived yet stays in pg_wal until it is.</summary>
    public async Task ClearAsync(Restorable kept, CancellationToken cancel)
    {
        var paths = kept.Paths;
        if (Directory.Exists(paths.Data))
        {
            if (await TrySettleAsync(kept, cancel))
            {
                await folders.DeleteAsync(paths.Data, cancel);
            }
            else
            {
                await account.RunAsync(cancel, "sh", "-euc", """cd "$0"; find . -xdev -mindepth 1 ! -path ./pg_wal ! -path "./pg_wal/*" -delete""", paths.Data);
            }
        }
        await folders.DeleteAsync([.. paths.Attempts, paths.Replay, paths.Socket, paths.Log], cancel);
        File.Delete(paths.AuthorityKey);
        if (Directory.Exists(paths.Conf))
        {
            Directory.Delete(paths.Conf, recursive: true);
        }
    }

    /// <summary>Completes the archive; false when that fails, for example because its disk is full or not mounted.</summary>
    private async Task<bool> TrySettleAsync(Restorable kept, CancellationToken cancel)
    {
        try
        {
            await helper.RunAsync(_ => { }, $"The archive of \"{kept.Record.Name}\" is not settled:", cancel, ArchiveCommands.SettleArchive, kept.ArchiveConfig);
            return true;
        }
        catch (ResourceFailure)
        {
            return false;
        }
    }
}
