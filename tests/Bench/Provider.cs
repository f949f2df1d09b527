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
    public const string Restored = "pgfleet:index:RestoredInstance";

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
        var process = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Programs, "pulumi-resource-pgfleet"))
        {
            RedirectStandardOutput = true,
            Environment = { ["PGFLEET_HOME"] = place.Home },
        })!;
        return new(process, int.Parse((await process.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture));
    }

    public Task<Struct> CheckAsync(string name) =>
        CheckAsync(Instance, $$"""{"name": "{{name}}", "username": "shopkeeper", "password": "correct-horse", "deletionProtection": false}""");

    public async Task<Struct> CheckAsync(string type, string inputs)
    {
        var checkedInputs = await Client.CheckAsync(new() { Type = type, Name = "bench", News = Struct.Parser.ParseJson(inputs), Olds = new() });
        return checkedInputs.Failures.Count == 0 ? checkedInputs.Inputs : throw new InvalidOperationException($"{checkedInputs.Failures}");
    }

    /// <summary>Creates a resource and returns its state.</summary>
    public async Task<Struct> CreateAsync(string type, Struct inputs) =>
        (await Client.CreateAsync(new() { Type = type, Name = "bench", Properties = inputs })).Properties;

    public async Task DeleteAsync(string type, string id, Struct state) => await Client.DeleteAsync(new() { Id = id, Type = type, Properties = state });

    public async ValueTask DisposeAsync()
    {
        channel.Dispose();
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
