using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;
using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Fleet;
using PgFleet.Progress;

namespace PgFleet.Tests.Engines.Local;

/// <summary>A local engine with a home of its own; everything in it is deleted afterwards.</summary>
internal sealed class TestHome : IAsyncDisposable
{
    /// <summary>Meets every rule for passwords, and is unlikely to occur by chance.</summary>
    public const string Password = "s3cret-of-the-test-7f1a";

    private readonly string programs;

    public TestHome(TimeProvider? time = null, string? programFolder = null)
    {
        // Short, because a server's socket is below it. Not created here: the engine creates it with the modes that it needs.
        Folder = Path.Combine(Path.GetTempPath(), $"pgf-{RandomNumberGenerator.GetHexString(6, lowercase: true)}");
        programs = programFolder ?? StubArchiveProgram.Write();
        Options = new() { Home = Folder, BinDirectories = [ScratchServer.BinDirectory], ServiceUser = ScratchServer.ServiceUser, ProgramFolder = programs };
        Engine = new(Options, time ?? TimeProvider.System);
    }

    public string Folder { get; }

    public LocalOptions Options { get; }

    public LocalEngine Engine { get; }

    public static ServerSpec Spec(string name = "main", string? password = Password) => new()
    {
        Name = name,
        Username = "alice",
        PostgresVersion = $"{ScratchServer.Major}",
        Password = password,
        Backup = new(TimeSpan.FromHours(24), TimeSpan.FromHours(24), TimeSpan.FromMinutes(1)),
    };

    public InstancePaths Paths(string name = "main") => new Home(Folder).Of(name);

    public ServerRecord? Record(string name = "main") => new Registry(new(Folder)).Find(name);

    public Task<ManagedServer> CreateAsync(ServerSpec? spec = null) => Engine.CreateAsync(spec ?? Spec(), Unhurried());

    public Task<ManagedServer> ApplyAsync(ServerSpec spec) => Engine.ApplyAsync(spec, Unhurried());

    public static OperationContext<ManagedServer> Unhurried() => new(CancellationToken.None);

    /// <summary>Logs in as a client does: over TCP, verifying the server's certificate.</summary>
    public static async Task<NpgsqlConnection> LogInAsync(ManagedServer server, string password = Password, SslMode mode = SslMode.VerifyFull, string? username = null, string database = "postgres")
    {
        var address = new NpgsqlConnectionStringBuilder
        {
            Host = server.Host,
            Port = server.Spec.Placement.Port!.Value,
            Username = username ?? server.Spec.Username,
            Password = password,
            Database = database,
            SslMode = mode,
            Pooling = false,
            Timeout = 10,
        };
        var client = new NpgsqlDataSourceBuilder(address.ConnectionString);
        if (mode != SslMode.Disable)
        {
            client.UseRootCertificate(X509Certificate2.CreateFromPem(server.CaCertificate));
        }
        return await client.Build().OpenConnectionAsync();
    }

    public static async Task<object?> AskAsync(ManagedServer server, string sql, string password = Password, string? username = null, string database = "postgres")
    {
        await using var connection = await LogInAsync(server, password, username: username, database: database);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async Task<object?> AskAdminAsync(string sql, string name = "main", string database = "postgres")
    {
        await using var admin = await Engine.OpenAsync(name, database, CancellationToken.None);
        await using var command = new NpgsqlCommand(sql, admin.Connection);
        return await command.ExecuteScalarAsync();
    }

    public int? Pid(string name = "main") => Postmaster.Find(Paths(name).Data)?.Pid;

    /// <summary>Kills the server as the kernel's out-of-memory killer would.</summary>
    public async Task KillAsync(string name = "main")
    {
        if (Pid(name) is { } pid)
        {
            Processes.Send(Signal.Kill, pid);
            await Eventually.TrueAsync(() => Pid(name) is null, $"\"{name}\" has ended");
        }
    }

    /// <summary>Deletes the data as a lost disk would; the server is killed first.</summary>
    public void LoseData(string name = "main")
    {
        Processes.RemoveSharedMemory(Paths(name).Folder);
        Directory.Delete(Paths(name).Data, recursive: true);
    }

    public async ValueTask DisposeAsync()
    {
        await Processes.EndServersAsync(Folder);
        await DeleteAsync(Folder);
        if (StubArchiveProgram.IsAt(programs))
        {
            Directory.Delete(programs, recursive: true);
        }
    }

    /// <summary>Retries, because what a killed server was archiving may still be written for a moment.</summary>
    private static async Task DeleteAsync(string folder)
    {
        for (var attempt = 0; Directory.Exists(folder); attempt++)
        {
            try
            {
                Directory.Delete(folder, recursive: true);
            }
            catch (IOException) when (attempt < 50)
            {
                await Task.Delay(100);
            }
        }
    }
}
