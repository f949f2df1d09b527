using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MiniEngine.Values;
using Pulumirpc;
using static Pulumirpc.DiffResponse.Types;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace PgFleet.EndToEnd.MiniEngine;

/// <summary>
/// A provider of the package "fake" on a real socket, which the engine attaches to. Its things are in <see cref="World"/>;
/// a change of an input that starts with "fixed" replaces, and deletes first if the input "deleteFirst" is true.
/// Each On… replaces the default behaviour of a call.
/// </summary>
internal sealed class FakeProvider : ResourceProvider.ResourceProviderBase, IAsyncDisposable
{
    private WebApplication? app;
    private int made;
    private int cancels;

    /// <summary>The things that exist, by id.</summary>
    public ConcurrentDictionary<string, Struct> World { get; } = new();

    /// <summary>The calls for resources, in order, as in "Create b"; those of a preview in parentheses.</summary>
    public ConcurrentQueue<string> Calls { get; } = new();

    /// <summary>The same with Check and Diff among them; a Check that sees old inputs is "Check b (olds)".</summary>
    public ConcurrentQueue<string> Wire { get; } = new();

    public ConcurrentQueue<ConfigureRequest> Configured { get; } = new();

    public bool AcceptsSecrets { get; set; } = true;

    public bool RefusesCancel { get; set; }

    /// <summary>The number of Cancel calls.</summary>
    public int Cancels => cancels;

    public Func<CheckRequest, CheckResponse>? OnCheck { get; set; }

    public Func<DiffRequest, DiffResponse>? OnDiff { get; set; }

    public Func<CreateRequest, Task<CreateResponse>>? OnCreate { get; set; }

    public Func<UpdateRequest, Task<UpdateResponse>>? OnUpdate { get; set; }

    public Func<ReadRequest, ReadResponse>? OnRead { get; set; }

    public Func<DeleteRequest, Task>? OnDelete { get; set; }

    public Func<DiffRequest, DiffResponse>? OnDiffConfig { get; set; }

    /// <summary>The address of the engine that attached last.</summary>
    public string EngineAddress { get; private set; } = "";

    public int Port => new Uri(app!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()).Port;

    public static async Task<FakeProvider> StartAsync()
    {
        var provider = new FakeProvider();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(System.Net.IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        builder.Services.AddGrpc(options => options.EnableDetailedErrors = true);
        builder.Services.AddSingleton(provider);
        provider.app = builder.Build();
        provider.app.MapGrpcService<FakeProvider>();
        await provider.app.StartAsync();
        return provider;
    }

    public async ValueTask DisposeAsync()
    {
        if (app is not null)
            await app.DisposeAsync();
    }

    public static RpcException Half(string id, Struct properties, params string[] reasons) =>
        new Google.Rpc.Status
        {
            Code = (int)StatusCode.Aborted,
            Message = "not shown",
            Details = { Any.Pack(new ErrorResourceInitFailed { Id = id, Properties = properties, Reasons = { reasons } }) },
        }.ToRpcException();

    public override Task<ProviderHandshakeResponse> Handshake(ProviderHandshakeRequest request, ServerCallContext context)
    {
        EngineAddress = request.EngineAddress;
        return Task.FromResult(new ProviderHandshakeResponse { AcceptSecrets = AcceptsSecrets, AcceptResources = true, SupportsAutonamingConfiguration = true });
    }

    public override Task<Empty> Attach(PluginAttach request, ServerCallContext context) => Task.FromResult(new Empty());

    public override Task<PluginInfo> GetPluginInfo(Empty request, ServerCallContext context) => Task.FromResult(new PluginInfo { Version = "1.0.0" });

    public override Task<GetSchemaResponse> GetSchema(GetSchemaRequest request, ServerCallContext context) => Task.FromResult(new GetSchemaResponse { Schema = "{}" });

    public override Task<CheckResponse> CheckConfig(CheckRequest request, ServerCallContext context) => Task.FromResult(new CheckResponse { Inputs = request.News });

    public override Task<DiffResponse> DiffConfig(DiffRequest request, ServerCallContext context) =>
        Task.FromResult(OnDiffConfig?.Invoke(request) ?? new DiffResponse { Changes = request.OldInputs.Equals(request.News) ? DiffChanges.DiffNone : DiffChanges.DiffSome });

    public override Task<ConfigureResponse> Configure(ConfigureRequest request, ServerCallContext context)
    {
        Configured.Enqueue(request);
        return Task.FromResult(new ConfigureResponse { AcceptSecrets = AcceptsSecrets, AcceptResources = true, SupportsPreview = true });
    }

    public override Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        Wire.Enqueue(request.Olds.Fields.Count > 0 ? $"Check {request.Name} (olds)" : $"Check {request.Name}");
        return Task.FromResult(OnCheck?.Invoke(request) ?? new CheckResponse { Inputs = request.News });
    }

    public override Task<DiffResponse> Diff(DiffRequest request, ServerCallContext context)
    {
        Wire.Enqueue($"Diff {request.Name}");
        return Task.FromResult(OnDiff?.Invoke(request) ?? Compare(request));
    }

    public override async Task<CreateResponse> Create(CreateRequest request, ServerCallContext context)
    {
        Called("Create", request.Name, request.Preview);
        if (OnCreate is not null)
            return await OnCreate(request);
        return request.Preview ? new() { Properties = request.Properties } : Make(request);
    }

    public override Task<ReadResponse> Read(ReadRequest request, ServerCallContext context)
    {
        Called("Read", request.Name, false);
        if (OnRead is not null)
            return Task.FromResult(OnRead(request));
        return Task.FromResult(World.TryGetValue(request.Id, out var thing)
            ? new ReadResponse { Id = request.Id, Properties = thing, Inputs = Without(thing, "made") }
            : new());
    }

    public override async Task<UpdateResponse> Update(UpdateRequest request, ServerCallContext context)
    {
        Called("Update", request.Name, request.Preview);
        if (OnUpdate is not null)
            return await OnUpdate(request);
        var outputs = request.News.Clone();
        outputs.Fields["made"] = request.Olds.Fields["made"];
        if (!request.Preview)
            World[request.Id] = outputs;
        return new() { Properties = outputs };
    }

    public override async Task<Empty> Delete(DeleteRequest request, ServerCallContext context)
    {
        Called("Delete", request.Name, false);
        if (OnDelete is not null)
            await OnDelete(request);
        World.TryRemove(request.Id, out _);
        return new();
    }

    /// <summary>Returns its arguments.</summary>
    public override Task<InvokeResponse> Invoke(InvokeRequest request, ServerCallContext context) => Task.FromResult(new InvokeResponse { Return = request.Args });

    public override Task<Empty> Cancel(Empty request, ServerCallContext context)
    {
        Interlocked.Increment(ref cancels);
        Cancelled.TrySetResult();
        return RefusesCancel ? throw new RpcException(new(StatusCode.Internal, "no")) : Task.FromResult(new Empty());
    }

    /// <summary>Completes with the first Cancel after it was set.</summary>
    public TaskCompletionSource Cancelled { get; set; } = new();

    public CreateResponse Make(CreateRequest request)
    {
        var number = Interlocked.Increment(ref made);
        var outputs = request.Properties.Clone();
        outputs.Fields["made"] = Value.ForNumber(number);
        World[$"{request.Name}-{number}"] = outputs;
        return new() { Id = $"{request.Name}-{number}", Properties = outputs };
    }

    private void Called(string call, string name, bool preview)
    {
        var text = preview ? $"({call} {name})" : $"{call} {name}";
        Calls.Enqueue(text);
        Wire.Enqueue(text);
    }

    private static DiffResponse Compare(DiffRequest request)
    {
        var (old, news) = (Bare(request.OldInputs), Bare(request.News));
        var changed = old.Fields.Keys.Union(news.Fields.Keys)
            .Where(key => !Equals(old.Fields.GetValueOrDefault(key), news.Fields.GetValueOrDefault(key))).Order().ToList();
        var answer = new DiffResponse
        {
            Changes = changed is [] ? DiffChanges.DiffNone : DiffChanges.DiffSome,
            HasDetailedDiff = true,
            DeleteBeforeReplace = news.Fields.TryGetValue("deleteFirst", out var first) && first.BoolValue,
            Diffs = { changed },
        };
        foreach (var key in changed)
            answer.DetailedDiff[key] = new() { Kind = Kind(key, old, news) };
        return answer;
    }

    private static PropertyDiff.Types.Kind Kind(string key, Struct old, Struct news)
    {
        var kind = !old.Fields.ContainsKey(key) ? PropertyDiff.Types.Kind.Add
            : !news.Fields.ContainsKey(key) ? PropertyDiff.Types.Kind.Delete
            : PropertyDiff.Types.Kind.Update;
        return key.StartsWith("fixed", StringComparison.Ordinal) ? kind + 1 : kind;
    }

    private static Struct Bare(Struct fields) => new WireEncoder(Secrets: false, References: true, Unknowns: true).Encode(WireDecoder.Decode(fields));

    private static Struct Without(Struct fields, string key)
    {
        var rest = fields.Clone();
        rest.Fields.Remove(key);
        return rest;
    }
}
