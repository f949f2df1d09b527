using Microsoft.AspNetCore.Server.Kestrel.Core;
using PgFleet.Operations;
using PgFleet.Resources;

namespace PgFleet.Protocols.Terraform;

/// <summary>The process contract of Terraform's plugins: a socket of our own, told on the first line of stdout once it really listens; an end when Terraform says so.</summary>
internal static class TerraformServer
{
    /// <summary>Of the program, as Terraform looks for it.</summary>
    public const string Name = "terraform-provider-pgfleet";

    // Terraform's own side allows 256 MiB.
    private const int LargestMessage = 256 << 20;

    /// <summary>sun_path holds 108 bytes with its closing NUL.</summary>
    private const int LongestSocketPath = 107;

    public static async Task<int> RunAsync(Func<FleetConfig, ProviderDefinition> compose)
    {
        if (!Handshake.IsAsked)
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
            await SayAsync(handshake.Line(socket));
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
        // No arguments: neither they nor files beside the program have a say in how it serves.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Logging.AddProvider(new PluginLog()).AddFilter("Microsoft", LogLevel.Warning).AddFilter("Grpc", LogLevel.Critical);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        // An interrupt of the terminal reaches this process too; what counts is Terraform's StopProvider.
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
        app.MapGrpcService<PluginHealth>();
        return app;
    }

    /// <summary>Nobody else may connect; a short place where the usual one would make the socket's path too long.</summary>
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

    /// <summary>The only words that stdout ever hears; whatever else is written there is an error's.</summary>
    private static async Task SayAsync(string line)
    {
        await Console.Out.WriteAsync($"{line}\n");
        await Console.Out.FlushAsync();
        Console.SetOut(Console.Error);
    }
}
