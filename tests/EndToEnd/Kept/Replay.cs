using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using MiniEngine;
using MiniEngine.Deployments;
using MiniEngine.Providers;
using Pulumirpc;

namespace PgFleet.EndToEnd.Kept;

/// <summary>Repeats the calls to 0.1.0 with the program under test, with a process for each one that the engine had started.</summary>
internal sealed class Replay(Workplace work, EngineHost engine) : IAsyncDisposable
{
    private ProviderProcess? process;
    private GrpcChannel? channel;
    private ResourceProvider.ResourceProviderClient client = null!;

    public static async Task<Replay> BeginAsync(Workplace work) =>
        new(work, await EngineHost.StartAsync(new RunLog()));

    /// <returns>The response, or the error's text.</returns>
    public async Task<JsonNode> AskAsync(RecordedAnswer call)
    {
        if (call.Method == "Handshake")
        {
            await StartAsync();
            call.Request["engineAddress"] = engine.Address;
        }
        try
        {
            return JsonNode.Parse(JsonFormatter.Default.Format(await AskAsync(call.Method, call.Request.ToJsonString())))!;
        }
        catch (RpcException error)
        {
            return error.Status.Detail;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        await engine.DisposeAsync();
    }

    private async Task<IMessage> AskAsync(string method, string request) => method switch
    {
        "Handshake" => await client.HandshakeAsync(Read<ProviderHandshakeRequest>(request)),
        "GetPluginInfo" => await client.GetPluginInfoAsync(new()),
        "CheckConfig" => await client.CheckConfigAsync(Read<CheckRequest>(request)),
        "DiffConfig" => await client.DiffConfigAsync(Read<DiffRequest>(request)),
        "Configure" => await client.ConfigureAsync(Read<ConfigureRequest>(request)),
        "Check" => await client.CheckAsync(Read<CheckRequest>(request)),
        "Diff" => await client.DiffAsync(Read<DiffRequest>(request)),
        "Read" => await client.ReadAsync(Read<ReadRequest>(request)),
        "Invoke" => await client.InvokeAsync(Read<InvokeRequest>(request)),
        "Create" when Read<CreateRequest>(request) is { Preview: true } create => await client.CreateAsync(create),
        "Update" when Read<UpdateRequest>(request) is { Preview: true } update => await client.UpdateAsync(update),
        "Cancel" => await client.CancelAsync(new()),
        _ => throw new InvalidOperationException($"{method} is no question."),
    };

    private static T Read<T>(string json)
        where T : IMessage, new() => JsonParser.Default.Parse<T>(json);

    private async Task StartAsync()
    {
        await EndAsync();
        process = await ProviderProcess.StartAsync(
            Path.Combine(Repository.Programs, "pulumi-resource-pgfleet"), engine.Address, work.Project, new Dictionary<string, string?> { ["PGFLEET_HOME"] = work.Home });
        channel = GrpcChannel.ForAddress($"http://127.0.0.1:{process.Port}");
        client = new(channel);
    }

    private async Task EndAsync()
    {
        channel?.Dispose();
        if (process is not null)
        {
            await process.DisposeAsync();
        }
    }
}

/// <summary>A call of tests/Kept/*/calls.</summary>
internal sealed record RecordedAnswer(string Method, JsonObject Request, JsonObject? Response, string? Error)
{
    public static ImmutableArray<RecordedAnswer> Load(string file) =>
        [.. File.ReadLines(file).Select(line => JsonSerializer.Deserialize<RecordedAnswer>(line, JsonSerializerOptions.Web)!)];

    public override string ToString() => $"{Method} {Request["urn"]?.GetValue<string>().Split("::")[^1] ?? Request["tok"]}".TrimEnd();
}
