using System.Text.Json;
using PgFleet.Archives;
using PgFleet.Engines.Local.Instances;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Postgres.Sql;
using PgFleet.Postgres;

namespace PgFleet.Engines.Local.Provisioning;

/// <summary>Creates the folders of an instance.</summary>
internal sealed class InstanceFolders(Home home, ServiceAccount account, Folders folders)
{
    private static readonly TimeSpan BuildingLimit = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Creates the data directory under a temporary name, and renames it when it is complete: a folder named <c>data</c> can always be started.
    /// </summary>
    public async Task EnsureAsync(string name, Installation installation, CancellationToken cancel)
    {
        var paths = home.Of(name);
        if (Directory.Exists(paths.Data))
        {
            return;
        }
        await folders.DeleteAsync([.. paths.Attempts], cancel);
        var (building, _) = paths.NewAttempt();
        account.MakeFolder(building);
        await account.RunAsync(
            BuildingLimit,
            cancel,
            installation.Program("initdb"), "-D", building, "-U", Roles.Superuser, "--locale=C.UTF-8", "--encoding=UTF8", "--data-checksums",
            "--auth-local=peer", "--auth-host=scram-sha-256");
        Directory.Move(building, paths.Data);
        Posix.SyncDirectory(paths.Folder);
    }

    /// <summary>Creates the folders around the data, and the archive with its owner's identity.</summary>
    /// <returns>PostgreSQL's system identifier.</returns>
    public async Task<string> CreateDirectoriesAsync(ServerRecord record, CancellationToken cancel)
    {
        var paths = home.Of(record.Name);
        account.MakeFolder(paths.Socket);
        account.MakeFolder(paths.Log);
        if (record.Backup.Directory is null)
        {
            account.MakeFolder(paths.Archive);
        }
        var systemIdentifier = await ReadSystemIdentifierAsync(paths, cancel);
        await MakeArchiveAsync(record.ArchiveIn(paths), new($"{record.InstanceId}", record.Name, systemIdentifier), cancel);
        return systemIdentifier;
    }

    /// <remarks>The system identifier is the first field of pg_control in every version (catalog/pg_control.h).</remarks>
    private async Task<string> ReadSystemIdentifierAsync(InstancePaths paths, CancellationToken cancel) =>
        (await account.RunAsync(cancel, "od", "-An", "-tu8", "-N8", Path.Combine(paths.Data, "global", "pg_control"))).Trim();

    private async Task MakeArchiveAsync(string archive, ArchiveIdentity identity, CancellationToken cancel)
    {
        var layout = new ArchiveLayout(archive);
        await account.RunAsync(
            JsonSerializer.Serialize(identity, ArchiveJson.Default.ArchiveIdentity),
            cancel,
            "sh", "-euc", """umask 077; mkdir -p "$1" "$2"; cat >"$3.new"; sync "$3.new"; mv "$3.new" "$3"; sync "$0" """,
            archive, layout.Wal, layout.Backups, layout.Identity);
    }
}
