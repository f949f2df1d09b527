using CliWrap;
using CliWrap.Buffered;
using Npgsql;

namespace PgFleet.Tests;

/// <summary>A real Postgres server in a folder of its own, created without the provider's code, with trust authentication on its socket.</summary>
internal sealed class ScratchServer : IAsyncDisposable
{
    public const string ServiceUser = "postgres";

    private ScratchServer(string folder, int port) => (Folder, Port) = (folder, port);

    /// <summary>The folder of PostgreSQL's programs under test: the newest of the system, or that named by <c>eng/test-versions</c>.</summary>
    public static string BinDirectory { get; } =
        Environment.GetEnvironmentVariable("PGFLEET_TEST_POSTGRES") ?? Directory.GetDirectories("/usr/lib/postgresql").Order().Last() + "/bin";

    /// <summary>The major version under test; tests of newer features are skipped.</summary>
    public static int Major { get; } = int.Parse(
        Cli.Wrap($"{BinDirectory}/postgres").WithArguments("--version").ExecuteBufferedAsync().GetAwaiter().GetResult().StandardOutput.Split(' ')[2].Split('.')[0],
        System.Globalization.CultureInfo.InvariantCulture);

    public string Folder { get; }

    public int Port { get; }

    public string Data => Path.Combine(Folder, "data");

    /// <summary>The path of a program that not every PostgreSQL package has; the test is skipped where it is missing.</summary>
    public static string Tool(string name)
    {
        var path = Path.Combine(BinDirectory, name);
        Assert.SkipUnless(File.Exists(path), $"\"{BinDirectory}\" has no {name}.");
        return path;
    }

    /// <summary>Starts a server whose system identifier is that of every other scratch server.</summary>
    public static async Task<ScratchServer> StartAsync(params string[] conf)
    {
        var server = new ScratchServer(await MakeFolderAsync(), FreePort.Find());
        await AsServiceUserAsync("cp", "-a", await ScratchTemplate.DataAsync(), server.Data);
        await server.StartOnDataAsync(conf);
        return server;
    }

    /// <summary>Starts a server with a system identifier of its own.</summary>
    public static async Task<ScratchServer> StartAnotherAsync(params string[] conf)
    {
        var server = new ScratchServer(await MakeFolderAsync(), FreePort.Find());
        await InitializeAsync(server.Data);
        await server.StartOnDataAsync(conf);
        return server;
    }

    /// <summary>Creates a data directory with a system identifier of its own.</summary>
    public static Task InitializeAsync(string data) =>
        AsServiceUserAsync($"{BinDirectory}/initdb", "-N", "-A", "trust", "-U", "postgres", "-k", "--locale=C.UTF-8", "-E", "UTF8", data);

    /// <summary>Starts a server on a copy of a backup, recovered to the end of the archived WAL.</summary>
    public static async Task<ScratchServer> RecoverAsync(string backup, string wal, params string[] conf)
    {
        var server = new ScratchServer(await MakeFolderAsync(), FreePort.Find());
        await AsServiceUserAsync("cp", "-a", backup, server.Data);
        await AsServiceUserAsync("touch", $"{server.Data}/recovery.signal");
        await server.StartOnDataAsync([$"restore_command = 'cp \"{wal}/%f\" \"%p\"'", "archive_mode = off", .. conf]);
        await Eventually.TrueAsync(async () => await server.ScalarAsync("select pg_is_in_recovery()") is false, "the server has recovered");
        return server;
    }

    public string ConnectionString(string database = "postgres", string username = "postgres") =>
        new NpgsqlConnectionStringBuilder { Host = Folder, Port = Port, Database = database, Username = username, Pooling = false }.ConnectionString;

    public async Task<NpgsqlConnection> OpenAsync(string database = "postgres", string username = "postgres")
    {
        var connection = new NpgsqlConnection(ConnectionString(database, username));
        await connection.OpenAsync();
        return connection;
    }

    public async Task<object?> ScalarAsync(string sql, string database = "postgres")
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public static Task<BufferedCommandResult> AsServiceUserAsync(params string[] command) =>
        Environment.IsPrivilegedProcess
            ? RunAsync("setpriv", ["--reuid", ServiceUser, "--regid", ServiceUser, "--init-groups", .. command])
            : RunAsync(command[0], command[1..]);

    public Task StopAsync() => AsServiceUserAsync($"{BinDirectory}/pg_ctl", "-D", Data, "-m", "immediate", "stop");

    public Task StartAgainAsync() => AsServiceUserAsync($"{BinDirectory}/pg_ctl", "-D", Data, "-w", "-l", $"{Folder}/log", "start");

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (File.Exists($"{Data}/postmaster.pid"))
            {
                await StopAsync();
            }
        }
        finally
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Creates a folder that belongs to the servers' user.</summary>
    public static async Task<string> MakeFolderAsync()
    {
        var folder = Directory.CreateTempSubdirectory("pgfleet-test-").FullName;
        await RunAsync("chown", ServiceUser, folder);
        return folder;
    }

    private async Task StartOnDataAsync(string[] conf)
    {
        await File.AppendAllLinesAsync(
            $"{Data}/postgresql.conf",
            [$"port = {Port}", $"unix_socket_directories = '{Folder}'", "listen_addresses = '127.0.0.1'", "fsync = off", .. conf]);
        await StartAgainAsync();
    }

    private static Task<BufferedCommandResult> RunAsync(string program, params string[] arguments) =>
        Cli.Wrap(program).WithArguments(arguments).WithWorkingDirectory("/").ExecuteBufferedAsync();
}
