using System.Text.Json;
using CliWrap;
using CliWrap.Buffered;
using PgFleet.Engines.Local.Archive;

namespace PgFleet.Tests.Engines.Local.Archive;

/// <summary>A real server whose archive_command is the program that was built.</summary>
internal sealed class ArchivedServer : IAsyncDisposable
{
    private const int OneDay = 24 * 60 * 60;

    private ArchivedServer(ScratchServer server, string folder, ArchiveConfig config) => (Server, Folder, Config) = (server, folder, config);

    public static string Program { get; } = Path.Combine(Repository.Programs, "pgfleet");

    public ScratchServer Server { get; }

    /// <summary>Holds the archive and its configuration.</summary>
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
        Command(ArchiveProgram.ArchiveWal, ConfigPath, path, name).ExecuteBufferedAsync();

    public CommandTask<BufferedCommandResult> BaseBackupAsync(params string[] more) =>
        Command([ArchiveProgram.BaseBackup, ConfigPath, .. more]).ExecuteBufferedAsync();

    public async Task<BaseBackup> TakeBackupAsync()
    {
        var result = await BaseBackupAsync();
        Assert.True(result.IsSuccess, result.StandardError);
        return Catalogue.List()[^1];
    }

    /// <summary>The program, run as the server's user; a failure is not thrown.</summary>
    public static Command Command(params string[] arguments)
    {
        string[] command = Environment.IsPrivilegedProcess
            ? ["setpriv", "--reuid", ScratchServer.ServiceUser, "--regid", ScratchServer.ServiceUser, "--init-groups", Program, .. arguments]
            : [Program, .. arguments];
        return Cli.Wrap(command[0]).WithArguments(command[1..]).WithWorkingDirectory("/").WithValidation(CommandResultValidation.None);
    }

    /// <summary>Everything written so far, in the archive.</summary>
    public async Task ArchiveAllAsync()
    {
        var name = (string)(await Server.ScalarAsync("create table if not exists switched (); drop table switched; select pg_walfile_name(pg_switch_wal())"))!;
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(Layout.Wal, name)), $"{name} is archived");
    }

    /// <summary>A segment that is archived, by a server that found no reason to take a backup.</summary>
    public async Task<string> ArchiveOneAsync()
    {
        await ScratchServer.AsServiceUserAsync("touch", Layout.BackupFailure);
        await ArchiveAllAsync();
        File.Delete(Layout.BackupFailure);
        return Directory.GetFiles(Layout.Wal).Where(path => WalSegment.Names(Path.GetFileName(path))).Order(StringComparer.Ordinal).First();
    }

    public Task VerifyAsync(BaseBackup backup) =>
        ScratchServer.AsServiceUserAsync(ScratchServer.Tool("pg_verifybackup"), "-n", Catalogue.DataOf(backup));

    public Task<ScratchServer> RecoverAsync(BaseBackup backup) => ScratchServer.RecoverAsync(Catalogue.DataOf(backup), Layout.Wal);

    /// <summary>Backups that are neither finished nor gone.</summary>
    public string[] Leftovers() => Directory.GetDirectories(Layout.Backups, ".*");

    /// <summary>Keeps any backup from getting further than its beginning until disposed of: it waits for a checkpoint.</summary>
    public async Task<IDisposable> HoldBackupsAsync()
    {
        var checkpointer = (int)(await Server.ScalarAsync("select pid from pg_stat_activity where backend_type = 'checkpointer'"))!;
        Processes.Send(Signal.Stop, checkpointer);
        return new Held(checkpointer);
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        // A detached backup ends with its server, and its lock with it.
        await Eventually.TrueAsync(() => FindBackup() is null, "the backup has ended");
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>The folder in /proc of the process that keeps the backup lock open, if one does.</summary>
    /// <remarks>To try the lock would be to take it, and a detached backup that meets a taken lock gives up.</remarks>
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

    private async Task GiveAwayAsync()
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
