using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using PgFleet.Operations;
using PgFleet.Platform;
using PgFleet.Resources;

namespace PgFleet.Protocols.Pulumi;

/// <summary>The process contract: a port on 127.0.0.1 without TLS, printed as the first line of stdout once the server listens.</summary>
internal static class PulumiServer
{
    /// <summary>The program's name, for which the engine searches.</summary>
    public const string Name = "pulumi-resource-pgfleet";

    // The limit of Pulumi's engine and SDKs: 400 MiB.
    private const int LargestMessage = 400 << 20;

    /// <summary>
    /// Runs the provider. <paramref name="args"/> are the engine's address and flags; absent when the process is started by hand, to be attached to.
    /// </summary>
    public static async Task<int> RunAsync(string[] args, Func<FleetConfig, ProviderDefinition> compose)
    {
        Interrupt.EnableSigint();
        var engineAddress = args.FirstOrDefault(arg => arg.Length > 0 && arg[0] != '-' && IPEndPoint.TryParse(arg, out _));
        using var session = new PulumiSession(compose, engineAddress);
        await using var app = Build(session);
        await app.StartAsync();
        var address = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        await Console.Out.WriteAsync($"{new Uri(address).Port}\n");
        await Console.Out.FlushAsync();
        await app.WaitForShutdownAsync();
        return 0;
    }

    private static WebApplication Build(PulumiSession session)
    {
        // An empty builder without logging: output on stdout would be taken for the port, and an appsettings.json in the folder of the user's
        // program could open another port, which any user could connect to.
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = TimeSpan.FromSeconds(2));
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.Limits.MaxRequestBodySize = LargestMessage;
            options.Listen(IPAddress.Loopback, 0, listen =>
            {
                listen.RequireOwnUser();
                listen.Protocols = HttpProtocols.Http2;
            });
        });
        builder.Services.AddRouting();
        builder.Services.AddSingleton(session);
        builder.Services.AddSingleton<PulumiService>();
        builder.Services.AddGrpc(options =>
        {
            options.MaxReceiveMessageSize = LargestMessage;
            options.MaxSendMessageSize = LargestMessage;
            options.Interceptors.Add<ErrorInterceptor>();
        });
        var app = builder.Build();
        app.MapGrpcService<PulumiService>();
        return app;
    }
}
