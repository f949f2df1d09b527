using System.Collections.Immutable;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using MiniEngine.State;
using MiniEngine.Values;
using Pulumirpc;
using Value = MiniEngine.Values.Value;

namespace MiniEngine.Providers;

/// <summary>A provider at the other end of a connection.</summary>
/// <param name="configured">Configure's result, which is reported by the first later call (protocol 4.1).</param>
internal sealed class RemoteProvider(ProviderConnection connection, Task configured) : IProvider
{
    public async Task<Checked> CheckAsync(Urn urn, Map olds, Map news, Naming naming)
    {
        var answer = await CallAsync(client => client.CheckAsync(new()
        {
            Urn = urn.ToString(),
            Name = urn.Name,
            Type = urn.Type,
            Olds = Known(olds),
            News = Any(news),
            RandomSeed = ByteString.CopyFrom(naming.Seed.Span),
            Autonaming = connection.Accepts.SupportsAutonamingConfiguration ? naming.Options : null,
        }));
        var inputs = answer.Inputs is null ? news : WireDecoder.Decode(answer.Inputs);
        return new(inputs.WithSecretsOf(news, []), [.. answer.Failures]);
    }

    public async Task<DiffResponse> DiffAsync(ResourceState old, Map news, ImmutableArray<string> ignoreChanges) =>
        await CallAsync(client => client.DiffAsync(new()
        {
            Id = old.Id,
            Urn = old.Urn.ToString(),
            Name = old.Urn.Name,
            Type = old.Urn.Type,
            Olds = Known(old.Outputs),
            OldInputs = Known(old.Inputs),
            News = Any(news),
            IgnoreChanges = { ignoreChanges },
        }));

    public async Task<Made> CreateAsync(Urn urn, Map inputs, double timeout, bool preview)
    {
        var answer = await CallAsync(client => client.CreateAsync(new()
        {
            Urn = urn.ToString(),
            Name = urn.Name,
            Type = urn.Type,
            Properties = preview ? Any(inputs) : Known(inputs),
            Timeout = timeout,
            Preview = preview,
            ResourceStatusAddress = connection.EngineAddress,
            ResourceStatusToken = NewToken(),
        }));
        var outputs = Outputs(answer.Properties, preview);
        if (preview)
            return new(null, outputs);
        // protocol 4.2, end: such a resource is lost
        if (answer.Id.Length == 0 || WireNames.Unknowns.Contains(answer.Id))
            throw new ProviderException("The provider created the resource and gave no id for it; it is not recorded.");
        return new(answer.Id, outputs);
    }

    public async Task<Found?> ReadAsync(Urn urn, string id, Map? outputs, Map? inputs, double timeout, bool asStep)
    {
        var answer = await CallAsync(client => client.ReadAsync(new()
        {
            ResourceStatusAddress = asStep ? connection.EngineAddress : "",
            ResourceStatusToken = asStep ? NewToken() : "",
            Id = id,
            Urn = urn.ToString(),
            Name = urn.Name,
            Type = urn.Type,
            Properties = outputs is null ? null : Known(outputs),
            Inputs = inputs is null ? null : Known(inputs),
            Timeout = timeout,
        }));
        if (answer.Id.Length == 0 || answer.Properties is null)
            return null;
        return new(answer.Id, Outputs(answer.Properties, preview: false), answer.Inputs is null ? null : Outputs(answer.Inputs, preview: false));
    }

    public async Task<Map> UpdateAsync(ResourceState old, Map news, double timeout, ImmutableArray<string> ignoreChanges, bool preview)
    {
        var answer = await CallAsync(client => client.UpdateAsync(new()
        {
            Id = old.Id,
            Urn = old.Urn.ToString(),
            Name = old.Urn.Name,
            Type = old.Urn.Type,
            Olds = Known(old.Outputs),
            OldInputs = Known(old.Inputs),
            News = preview ? Any(news) : Known(news),
            Timeout = timeout,
            IgnoreChanges = { ignoreChanges },
            Preview = preview,
            ResourceStatusAddress = connection.EngineAddress,
            ResourceStatusToken = NewToken(),
        }));
        return Outputs(answer.Properties, preview);
    }

    public async Task DeleteAsync(ResourceState old) =>
        await CallAsync(client => client.DeleteAsync(new()
        {
            Id = old.Id,
            Urn = old.Urn.ToString(),
            Name = old.Urn.Name,
            Type = old.Urn.Type,
            Properties = Known(old.Outputs),
            OldInputs = Known(old.Inputs),
            Timeout = old.Timeouts.Delete,
            ResourceStatusAddress = connection.EngineAddress,
            ResourceStatusToken = NewToken(),
        }));

    public async Task<Value> InvokeAsync(string function, Map arguments, bool preview)
    {
        var answer = await CallAsync(client => client.InvokeAsync(new() { Tok = function, Args = Known(arguments), Preview = preview }));
        if (answer.Failures is not [])
            throw new ProviderException(string.Join(Environment.NewLine, answer.Failures.Select(failure => $"{function}: {failure.Property}: {failure.Reason}")));
        return Outputs(answer.Return, preview: false);
    }

    private async Task<T> CallAsync<T>(Func<ResourceProvider.ResourceProviderClient, AsyncUnaryCall<T>> call)
    {
        await configured;
        return await connection.CallAsync(call);
    }

    /// <summary>Names the step, in case the provider publishes its progress; none is used here.</summary>
    private static string NewToken() => Guid.NewGuid().ToString();

    private Struct Known(Map map) => connection.Encoder(unknowns: false).Encode(map);

    private Struct Any(Map map) => connection.Encoder(unknowns: true).Encode(map);

    /// <summary>Outside a preview an unknown in an answer is an error (protocol 3, after the table).</summary>
    private static Map Outputs(Struct? wire, bool preview)
    {
        var outputs = wire is null ? Map.Empty : WireDecoder.Decode(wire);
        return preview || outputs.IsKnown ? outputs : throw new ProviderException("The provider answered with an unknown value outside a preview.", inDoubt: true);
    }
}
