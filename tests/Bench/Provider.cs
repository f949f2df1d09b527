using System.Diagnostics;
using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Net.Client;
using Pulumirpc;

namespace PgFleet.Bench;

/// <summary>The real provider process, and a client of it.</summary>
internal sealed class Provider : IAsyncDisposable
{
    public const string Instance = "pgfleet:index:DatabaseInstance";

    private readonly Process process;
    private readonly GrpcChannel channel;

    private Provider(Process process, int port)
    {
        this.process = process;
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{port}");
        Client = new(channel);
    }

    public ResourceProvider.ResourceProviderClient Client { get; }

    public static async Task<Provider> StartAsync(Place place)
    {
        var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "bin", "pulumi-resource-pgfleet"))
        {
            RedirectStandardOutput = true,
            Environment = { ["PGFLEET_HOME"] = place.Home },
        })!;
        return new(process, int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
    }

    public async Task<Struct> CheckAsync(string name)
    {
        var news = Struct.Parser.ParseJson($$"""{"name": "{{name}}", "username": "shopkeeper", "password": "correct-horse", "deletionProtection": false}""");
        return (await Client.CheckAsync(new() { Type = Instance, Name = name, News = news, Olds = new() })).Inputs;
    }

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
