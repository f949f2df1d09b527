using System.Net;
using System.Net.Sockets;
using Npgsql;
using PgFleet.Engines;
using Testcontainers.PostgreSql;

namespace PgFleet.Tests.Engines.Linked;

/// <summary>
/// A server like that of a hosted service: it accepts logins only over TLS, with a certificate of a CA of its own, and its
/// administrator has CREATEDB and CREATEROLE, but is not a superuser. Runs in a container of each supported version where a Docker
/// engine runs, else on the machine's own PostgreSQL.
/// </summary>
internal sealed class HostedServer : IAsyncDisposable
{
    public const string Admin = "master";
    public const string Password = "s3cret of the hosted server";

    private readonly IAsyncDisposable running;
    private readonly Func<string, string, Task<NpgsqlConnection>> open;
    private readonly Authority authority;

    private HostedServer(IAsyncDisposable running, int port, Authority authority, Func<string, string, Task<NpgsqlConnection>> open) =>
        (this.running, Port, this.authority, this.open) = (running, port, authority, open);

    /// <summary>The available kinds of servers, by the name that appears in the names of the tests.</summary>
    public static IReadOnlyList<string> Kinds { get; } = HasDocker() ? ["container of PostgreSQL 14", "container of PostgreSQL 15", "container of PostgreSQL 16", "container of PostgreSQL 17", "container of PostgreSQL 18"] : ["scratch server, no Docker engine runs here"];

    public int Port { get; }

    public string CaCertificate => authority.Pem;

    /// <summary>The scratch server; null in a container.</summary>
    public ScratchServer? Scratch => running as ScratchServer;

    public static async Task<HostedServer> StartAsync(string? kind = null)
    {
        var authority = new Authority();
        var (certificate, key) = authority.Sign(IPAddress.Loopback);
        var server = kind?.StartsWith("container", StringComparison.Ordinal) == true
            ? await ContainAsync(kind[^2..], authority, certificate, key)
            : Of(await ScratchAsync(ScratchServer.StartAsync, certificate, key), authority);
        return await WithAdminAsync(server);
    }

    /// <summary>Starts a scratch server with a system identifier of its own; the others share one.</summary>
    public static async Task<HostedServer> StartAnotherAsync()
    {
        var another = new Authority();
        var (certificate, key) = another.Sign(IPAddress.Loopback);
        var server = Of(await ScratchAsync(ScratchServer.StartAnotherAsync, certificate, key), another);
        return await WithAdminAsync(server);
    }

    public ServerLink Link(string name = "legacy") => new()
    {
        Name = name,
        Host = "127.0.0.1",
        Port = Port,
        AdminUsername = Admin,
        AdminPassword = Password,
        SslMode = "verify-full",
        CaCertificate = CaCertificate,
    };

    /// <summary>Runs a query as the superuser, which the service keeps for itself.</summary>
    public async Task<object?> AskAsync(string sql, string database = "postgres")
    {
        await using var connection = await open(database, "postgres");
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async ValueTask DisposeAsync()
    {
        authority.Dispose();
        await running.DisposeAsync();
    }

    private static async Task<HostedServer> WithAdminAsync(HostedServer server)
    {
        try
        {
            await server.AskAsync($"create role {Admin} login createdb createrole password '{Password}'");
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static HostedServer Of(ScratchServer scratch, Authority authority) => new(scratch, scratch.Port, authority, scratch.OpenAsync);

    private static async Task<ScratchServer> ScratchAsync(Func<string[], Task<ScratchServer>> start, string certificate, string key)
    {
        var server = await start(["wal_level = logical", "max_prepared_transactions = 10"]);
        try
        {
            await SecureAsync(server, certificate, key);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    private static async Task SecureAsync(ScratchServer server, string certificate, string key)
    {
        await File.WriteAllTextAsync($"{server.Folder}/key", key);
        await ScratchServer.AsServiceUserAsync("install", "-m", "600", $"{server.Folder}/key", $"{server.Data}/server.key");
        await File.WriteAllTextAsync($"{server.Data}/server.crt", certificate);
        await File.WriteAllTextAsync($"{server.Data}/pg_hba.conf", "local all all trust\nhostssl all all 127.0.0.1/32 scram-sha-256\n");
        await server.ScalarAsync("alter system set ssl = on");
        await server.ScalarAsync("select pg_reload_conf()");
    }

    private static async Task<HostedServer> ContainAsync(string version, Authority authority, string certificate, string key)
    {
        var container = new PostgreSqlBuilder($"postgres:{version}")
            .WithUsername("postgres")
            .WithCommand("-c", "wal_level=logical", "-c", "max_prepared_transactions=10")
            .WithResourceMapping(System.Text.Encoding.UTF8.GetBytes(key), "/tls/key")
            .WithResourceMapping(System.Text.Encoding.UTF8.GetBytes(certificate), "/tls/server.crt")
            .Build();
        await container.StartAsync();
        // The key must belong to the server; TLS can be enabled while it runs.
        var secured = await container.ExecAsync(
            ["sh", "-euc", """
                install -o postgres -g postgres -m 600 /tls/key /var/lib/postgresql/server.key
                install -o postgres -g postgres -m 644 /tls/server.crt /var/lib/postgresql/server.crt
                psql -U postgres -c "alter system set ssl_cert_file = '/var/lib/postgresql/server.crt'" -c "alter system set ssl_key_file = '/var/lib/postgresql/server.key'" \
                    -c "alter system set ssl = on"
                printf 'local all all trust\nhostssl all all all scram-sha-256\n' >"$(psql -U postgres -Atc 'show hba_file')"
                psql -U postgres -c "select pg_reload_conf()"
                """]);
        Assert.True(secured.ExitCode == 0, secured.Stderr);
        return new(container, container.GetMappedPublicPort(5432), authority, async (database, user) =>
        {
            var address = new NpgsqlConnectionStringBuilder(container.GetConnectionString()) { Database = database, Username = user, SslMode = SslMode.Require, Pooling = false };
            var connection = new NpgsqlConnection(address.ConnectionString);
            await connection.OpenAsync();
            return connection;
        });
    }

    private static bool HasDocker()
    {
        if (Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 })
        {
            return true;
        }
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Connect(new UnixDomainSocketEndPoint("/var/run/docker.sock"));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
