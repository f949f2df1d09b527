using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using PgFleet.Archives;
using PgFleet.Archives.Backup;
using PgFleet.Archives.Helper;
using PgFleet.Postgres.Backup;
using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Archives.Backup;

/// <summary>A real server whose archive_command is the built program.</summary>
internal sealed class ArchivedServer : IAsyncDisposable
{
    private const int OneDay = 24 * 60 * 60;

    private ArchivedServer(ScratchServer server, string folder, ArchiveConfig config) => (Server, Folder, Config) = (server, folder, config);

    public static string Program { get; } = Path.Combine(Repository.Programs, "pgfleet");

    public ScratchServer Server { get; }

    /// <summary>The folder of the archive and its configuration.</summary>
    public string Folder { get; }

    public ArchiveConfig Config { get; private set; }

    public ArchiveLayout Layout => new(Config.ArchiveDirectory);

    public string ConfigPath => $"{Folder}/archive.json";

    public BackupCatalogue Catalogue => new(Config.ArchiveDirectory);

    public static async Task<ArchivedServer> StartAsync(params string[] conf)
    {
        var folder = Directory.CreateTempSubdirectory("pgfleet-archive-").FullName;
        var server = await ScratchServer.StartAsync(
            ["archive_mode = on", $"archive_command = '\"{Program}\" archive-wal \"{folder}/archive.json\" \"%p\" \"%f\"'", .. conf]);
        var archived = new ArchivedServer(server, folder, ConfigOf(server, folder));
        try
        {
            await archived.SetUpAsync();
            return archived;
        }
        catch
        {
            await archived.DisposeAsync();
            throw;
        }
    }

    public async Task IdentifyAsync()
    {
        var identity = new ArchiveIdentity(Config.InstanceId, Config.Name, Config.SystemIdentifier);
        await File.WriteAllBytesAsync(Layout.Identity, JsonSerializer.SerializeToUtf8Bytes(identity, ArchiveJson.Default.ArchiveIdentity));
        await GiveAwayAsync();
    }

    public async Task ConfigureAsync(ArchiveConfig config)
    {
        Config = config;
        await File.WriteAllBytesAsync(ConfigPath, JsonSerializer.SerializeToUtf8Bytes(config, ArchiveJson.Default.ArchiveConfig));
        await GiveAwayAsync();
    }

    public CommandTask<BufferedCommandResult> ArchiveWalAsync(string path, string name) =>
        Command(ArchiveCommands.ArchiveWal, ConfigPath, path, name).ExecuteBufferedAsync();

    public CommandTask<BufferedCommandResult> BaseBackupAsync(params string[] more) =>
        Command([ArchiveCommands.BaseBackup, ConfigPath, .. more]).ExecuteBufferedAsync();

    public async Task<BaseBackup> TakeBackupAsync()
    {
        var result = await BaseBackupAsync();
        Assert.True(result.IsSuccess, result.StandardError);
        return Catalogue.List()[^1];
    }

    /// <summary>The program, run as the servers' user; a failure does not throw.</summary>
    public static Command Command(params string[] arguments)
    {
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", ScratchServer.ServiceUser, "--regid", ScratchServer.ServiceUser, "--init-groups", Program, .. arguments]
            : [Program, .. arguments];
        return Cli.Wrap(command[0]).WithArguments(command[1..]).WithWorkingDirectory("/").WithValidation(CommandResultValidation.None);
    }

    /// <summary>Waits until everything written so far is archived.</summary>
    public async Task ArchiveAllAsync()
    {
        var name = (string)(await Server.ScalarAsync("create table if not exists switched (); drop table switched; select pg_walfile_name(pg_switch_wal())"))!;
        // The file appears before the program that stored it has read it and ended.
        await Eventually.TrueAsync(async () => await Server.ScalarAsync($"select last_archived_wal >= '{name}' from pg_stat_archiver") is true, $"{name} is archived");
    }

    /// <summary>Archives one segment, by a server that finds no reason to take a backup.</summary>
    public async Task<string> ArchiveOneAsync()
    {
        await ScratchServer.AsServiceUserAsync("touch", Layout.BackupFailure);
        await ArchiveAllAsync();
        File.Delete(Layout.BackupFailure);
        return Directory.GetFiles(Layout.Wal).Where(path => WalSegment.Names(Path.GetFileName(path))).Order(StringComparer.Ordinal).First();
    }

    public async Task CheckAsync()
    {
        var checkedThem = await Command(ArchiveCommands.CheckBackups, ConfigPath).ExecuteBufferedAsync();
        Assert.True(checkedThem.IsSuccess, checkedThem.StandardError);
    }

    /// <summary>Waits for a backup's page check, which runs in the background.</summary>
    public async Task<BaseBackup> CheckedAsync(BaseBackup backup)
    {
        BaseBackup? found = null;
        await Eventually.TrueAsync(() => (found = Catalogue.List().SingleOrDefault(one => one.Name == backup.Name))?.Check is not null, $"{backup.Name} is checked");
        return found!;
    }

    /// <summary>Takes a backup, and waits for its page check and what follows it in the background.</summary>
    public async Task<BaseBackup> TakeCheckedBackupAsync()
    {
        var backup = await CheckedAsync(await TakeBackupAsync());
        await CheckEndedAsync();
        return backup;
    }

    /// <summary>Makes a backup older than it is.</summary>
    public async Task<BaseBackup> BackdateAsync(BaseBackup backup, TimeSpan age)
    {
        var older = backup with { StartedAt = backup.StartedAt - age, EndedAt = backup.EndedAt - age };
        await File.WriteAllBytesAsync(Path.Combine(Layout.Backup(backup.Name), BackupCatalogue.FileName), older.ToJson());
        return older;
    }

    public Task CheckEndedAsync() => Eventually.TrueAsync(() => !Processes.WithOpen(Layout.CheckLock).Any(), "the check has ended");

    /// <summary>Overwrites some bytes of a page of a table behind the server's back.</summary>
    /// <param name="folder">The data directory, or a copy of it.</param>
    /// <returns>The table's file, relative to the data directory.</returns>
    public async Task<string> DamageAsync(string folder, string table, int block)
    {
        var path = (string)(await Server.ScalarAsync($"select pg_relation_filepath('{table}')"))!;
        await using var file = new FileStream(Path.Combine(folder, path), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        file.Position = (block * (long)PageChecksum.PageSize) + 4000;
        file.Write(Enumerable.Repeat((byte)0x5A, 64).ToArray());
        return path;
    }

    public Task VerifyAsync(BaseBackup backup) =>
        ScratchServer.AsServiceUserAsync(ScratchServer.Tool("pg_verifybackup"), "-n", Catalogue.DataOf(backup));

    public Task<ScratchServer> RecoverAsync(BaseBackup backup) => ScratchServer.RecoverAsync(Catalogue.DataOf(backup), Layout.Wal);

    /// <summary>Backups that are neither finished nor deleted.</summary>
    public string[] Leftovers() => Directory.GetDirectories(Layout.Backups, ".*");

    /// <summary>Stops any backup at its start until disposed of, by delaying its checkpoint.</summary>
    public async Task<IDisposable> HoldBackupsAsync()
    {
        var checkpointer = (int)(await Server.ScalarAsync("select pid from pg_stat_activity where backend_type = 'checkpointer'"))!;
        Processes.Send(Signal.Stop, checkpointer);
        return new Held(checkpointer);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        // A detached backup ends with its server, and releases its lock.
        await Eventually.TrueAsync(() => FindBackup() is null, "the backup has ended");
        await CheckEndedAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The folder in /proc of the process that holds the backup lock; null when there is none.</summary>
    /// <remarks>Reads /proc, because testing the lock would take it, and a detached backup that finds it taken gives up.</remarks>
    public string? FindBackup() => Processes.WithOpen(Layout.BackupLock).FirstOrDefault();

    private static ArchiveConfig ConfigOf(ScratchServer server, string folder) => new()
    {
        InstanceId = Guid.NewGuid().ToString(),
        Name = "main",
        ArchiveDirectory = $"{folder}/archive",
        SocketDirectory = server.Folder,
        Port = server.Port,
        DataDirectory = server.Data,
        RetentionSeconds = OneDay,
        IntervalSeconds = OneDay,
        SystemIdentifier = "",
    };

    private async Task SetUpAsync()
    {
        Directory.CreateDirectory(Config.ArchiveDirectory);
        var identifier = (string)(await Server.ScalarAsync("select system_identifier::text from pg_control_system()"))!;
        await ConfigureAsync(Config with { SystemIdentifier = identifier });
        await IdentifyAsync();
    }

    public async Task GiveAwayAsync()
    {
        if (Environment.IsPrivilegedProcess)
        {
            await Cli.Wrap("chown").WithArguments(["-R", ScratchServer.ServiceUser, Folder]).ExecuteAsync();
        }
    }

    private sealed class Held(int process) : IDisposable
    {
        public void Dispose() => Processes.Send(Signal.Continue, process);
    }
}
