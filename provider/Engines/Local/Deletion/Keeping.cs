using System.Text.Json;
using PgFleet.Archives;
using PgFleet.Archives.Helper;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Deletion;

/// <summary>Makes of a server that is deleted what is kept of it: its record, its archive, and what a restore has to know.</summary>
internal sealed class Keeping(Home home, ServiceAccount account, Folders folders, HelperProcess helper, Expiry expiry)
{
    /// <summary>Writes beside the server what will count once its folder has moved: from that moment on it can be restored from where it is then.</summary>
    public Restorable Prepare(ServerRecord record)
    {
        var (here, there) = (home.Of(record.Name), home.DeletedOf(record.Name, record.InstanceId));
        DurableFile.Write(
            here.KeptArchiveConfig, JsonSerializer.Serialize(ConfigurationFiles.Archive(record, there), ArchiveJson.Default.ArchiveConfig), Modes.Shared, account.User.Group);
        var deletion = expiry.Begin(record.Backup.Retention);
        DeletedServers.Write(new(record, here, deletion));
        return new(record, there, deletion);
    }

    /// <summary>Removes all that a restore does not need. What a server could not archive stays where it wrote it until it is in the archive.</summary>
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

    /// <summary>The disk of the archive may be full, or away.</summary>
    private async Task<bool> TrySettleAsync(Restorable kept, CancellationToken cancel)
    {
        try
        {
            await helper.RunAsync(_ => { }, $"The archive of \"{kept.Record.Name}\" is not settled:", cancel, ArchiveProgram.SettleArchive, kept.ArchiveConfig);
            return true;
        }
        catch (ResourceFailure)
        {
            return false;
        }
    }
}
