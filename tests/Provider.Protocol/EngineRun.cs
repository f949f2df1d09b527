using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Pulumirpc;

namespace PgFleet.Protocol;

/// <summary>An engine's record of a resource.</summary>
internal sealed record Recorded(string Urn, string Type, string Id, Struct Inputs, Struct State);

/// <summary>A run of an engine: a provider process of its own, and calls as in the recordings of the real engine, in the order of the test.</summary>
internal sealed class EngineRun : IAsyncDisposable
{
    private readonly ProviderProcess provider;

    private EngineRun(ProviderProcess provider) => this.provider = provider;

    public ResourceProvider.ResourceProviderClient Client => provider.Client;

    /// <summary>Starts a provider. <paramref name="first"/> is what the shell runs before it.</summary>
    public static async Task<EngineRun> BeginAsync(string home, string first = "")
    {
        var run = new EngineRun(await ProviderProcess.StartAsync(home, first: first));
        await run.HandshakeAsync();
        await run.Client.ConfigureAsync(new() { Args = new() });
        return run;
    }

    public async Task HandshakeAsync(string address = "127.0.0.1:9") => await Client.HandshakeAsync(new() { EngineAddress = address });

    /// <summary>Check of an existing resource (with olds) or a new one (without).</summary>
    public async Task<CheckResponse> CheckAsync(string type, string name, Struct news, Struct? olds = null) =>
        await Client.CheckAsync(new() { Urn = Wire.Urn(type, name), Type = type, Name = name, News = news, Olds = olds ?? new() });

    public Task<CheckResponse> CheckAsync(Recorded resource, Struct? news = null) =>
        CheckAsync(resource.Type, Name(resource.Urn), news ?? resource.Inputs, resource.Inputs);

    public async Task<DiffResponse> DiffAsync(Recorded resource, Struct? news = null, Struct? olds = null) => await Client.DiffAsync(new()
    {
        Id = resource.Id,
        Urn = resource.Urn,
        Type = resource.Type,
        Olds = olds ?? resource.State,
        OldInputs = resource.Inputs,
        News = news ?? resource.Inputs,
    });

    /// <summary>Check without olds, then Create.</summary>
    public async Task<Recorded> CreateAsync(string type, string name, Struct inputs, bool preview = false)
    {
        var check = await CheckAsync(type, name, inputs);
        Assert.Empty(check.Failures);
        var created = await AnsweredAsync(async () =>
            await Client.CreateAsync(new() { Urn = Wire.Urn(type, name), Type = type, Name = name, Properties = check.Inputs, Preview = preview }));
        return new(Wire.Urn(type, name), type, created.Id, check.Inputs, created.Properties);
    }

    public Task<Recorded> CreateAsync(Recorded resource, bool preview = false) => CreateAsync(resource.Type, Name(resource.Urn), resource.Inputs, preview);

    public async Task<Recorded> UpdateAsync(Recorded resource, Struct? news = null)
    {
        var updated = await Client.UpdateAsync(new()
        {
            Id = resource.Id,
            Urn = resource.Urn,
            Type = resource.Type,
            Olds = resource.State,
            OldInputs = resource.Inputs,
            News = news ?? resource.Inputs,
        });
        return resource with { Inputs = news ?? resource.Inputs, State = updated.Properties };
    }

    public async Task<ReadResponse> ReadAsync(Recorded resource) => await Client.ReadAsync(new()
    {
        Id = resource.Id,
        Urn = resource.Urn,
        Type = resource.Type,
        Properties = resource.State,
        Inputs = resource.Inputs,
    });

    public async Task DeleteAsync(Recorded resource) => await Client.DeleteAsync(new()
    {
        Id = resource.Id,
        Urn = resource.Urn,
        Type = resource.Type,
        Properties = resource.State,
        OldInputs = resource.Inputs,
    });

    public async Task<bool> IsThereAsync(Recorded resource) => (await ReadAsync(resource)).Id.Length > 0;

    /// <summary>Ends the process as the engine does; servers that it started keep running.</summary>
    public async ValueTask DisposeAsync()
    {
        await provider.StopAsync();
        await provider.DisposeAsync();
    }

    /// <summary>Retries, because servers on a busy machine may not answer in time.</summary>
    private static async Task<T> AnsweredAsync<T>(Func<Task<T>> call)
    {
        for (var attempts = 1; ; attempts++)
        {
            try
            {
                return await call();
            }
            catch (RpcException busy) when (busy.StatusCode == StatusCode.Unavailable && attempts < 20)
            {
            }
        }
    }

    private static string Name(string urn) => urn.Split("::")[^1];
}
