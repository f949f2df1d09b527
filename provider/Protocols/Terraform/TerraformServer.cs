using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PgFleet.Operations;
using PgFleet.Resources;

namespace PgFleet.Protocols.Terraform;

/// <summary>
/// The process contract of Terraform's plugins: a Unix socket, printed as the first line of stdout once the server listens; the process ends at Terraform's
/// request.
/// </summary>
internal static class TerraformServer
{
    /// <summary>The program's name, for which Terraform searches.</summary>
    public const string Name = "terraform-provider-pgfleet";

    // Terraform's own limit: 256 MiB.
    private const int LargestMessage = 256 << 20;

    /// <summary>sun_path holds 108 bytes with the terminating NUL.</summary>
    private const int LongestSocketPath = 107;

    public static async Task<int> RunAsync(Func<FleetConfig, ProviderDefinition> compose)
    {
        if (!Handshake.IsRequested)
        {
            await Console.Error.WriteLineAsync("This program is a provider for Terraform, which starts it. For people there is pgfleet.");
            return 1;
        }
        using var handshake = Handshake.Begin();
        using var run = new TerraformSession(compose);
        var folder = Folder();
        try
        {
            var socket = Path.Combine(folder.FullName, "s");
            await using var app = Build(handshake, run, socket);
            await app.StartAsync();
            await PrintAsync(handshake.Line(socket));
            await app.WaitForShutdownAsync();
        }
        finally
        {
            folder.Delete(recursive: true);
        }
        return 0;
    }

    private static WebApplication Build(Handshake handshake, TerraformSession run, string socket)
    {
        // No arguments, so that neither they nor files beside the program configure the server.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddProvider(new PluginLog()).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        // A terminal's interrupt reaches this process too, but Terraform calls StopProvider.
        builder.Services.AddSingleton<IHostLifetime, TerraformLifetime>();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = null;
            options.ListenUnixSocket(socket, listen =>
            {
                listen.Protocols = HttpProtocols.Http2;
                if (handshake.Secure)
                {
                    listen.UseHttps(handshake.Tls());
                }
            });
        });
        builder.Services.AddRouting();
        builder.Services.AddSingleton(run);
        builder.Services.AddSingleton<TerraformService>();
        builder.Services.AddSingleton(Health());
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = LargestMessage;
            options.MaxSendMessageSize = null;
        });
        var app = builder.Build();
        app.MapGrpcService<TerraformService>();
        app.MapGrpcService<PluginController>();
        app.MapGrpcService<PluginBroker>();
        app.MapGrpcService<PluginStdio>();
        app.MapGrpcService<HealthServiceImpl>();
        return app;
    }

    /// <summary>gRPC's health check for the service that Ping of Terraform's plugin library asks for.</summary>
    private static HealthServiceImpl Health()
    {
        var health = new HealthServiceImpl();
        health.SetStatus("plugin", HealthCheckResponse.Types.ServingStatus.Serving);
        return health;
    }

    /// <summary>A folder for the socket that other users cannot access; in /tmp if the usual path would be too long.</summary>
    private static DirectoryInfo Folder()
    {
        var usual = Directory.CreateTempSubdirectory("pgfleet-");
        if (usual.FullName.Length + 2 <= LongestSocketPath)
        {
            return usual;
        }
        usual.Delete();
        var name = Path.Combine("/tmp", $"pgfleet-{Guid.NewGuid():N}");
        return Directory.CreateDirectory(name, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    /// <summary>Prints the handshake line; afterwards stdout is redirected to stderr.</summary>
    private static async Task PrintAsync(string line)
    {
        await Console.Out.WriteAsync($"{line}\n");
        await Console.Out.FlushAsync();
        Console.SetOut(Console.Error);
    }
}
