using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;
using static Pulumirpc.DiffResponse.Types;

namespace MiniEngine.Deployments;

/// <summary>Starts a provider, and records it as a resource (the table of protocol 4.1).</summary>
internal sealed class ProviderRegistration(Run run, ProviderRegistry registry, Urn urn, string package, ResourceOptions options)
{
    public async Task<ProviderInstance> RunAsync(Map inputs)
    {
        var news = inputs.With("version", options.Version is { } version ? new Text(version) : inputs["version"]);
        var old = run.Base.Find(urn);
        try
        {
            var connection = await registry.OpenAsync(package, options.Version);
            var wanted = await CheckAsync(connection, old?.Inputs ?? Map.Empty, news);
            if (old is null)
                return await RecordAsync(connection, Op.Create, null, wanted, []);
            var decision = await DecideAsync(connection, old, wanted);
            if (decision.Verdict is not Verdict.Replace)
                return await RecordAsync(connection, decision.Verdict is Verdict.Same ? Op.Same : Op.Update, old, wanted, decision.Changes);
            await registry.CloseAsync(connection);
            connection = await registry.OpenAsync(package, options.Version);
            return await RecordAsync(connection, Op.CreateReplacement, old, await CheckAsync(connection, Map.Empty, news), decision.Changes);
        }
        catch (ProviderException error)
        {
            throw run.Refuse(urn, error.Message);
        }
    }

    private async Task<Map> CheckAsync(ProviderConnection connection, Map olds, Map news)
    {
        var answer = await connection.CheckConfigAsync(urn, olds, news);
        foreach (var failure in answer.Failures)
            run.Log.Error(urn, failure.Property.Length == 0 ? failure.Reason : $"{package}:{failure.Property}: {failure.Reason}");
        return answer.Failures is [] ? answer.Inputs : throw new AbandonedException();
    }

    private async Task<Decision> DecideAsync(ProviderConnection connection, ResourceState old, Map wanted)
    {
        var diff = await connection.DiffConfigAsync(urn, old.Inputs, old.Outputs, wanted);
        // protocol 4.1: if the provider's answer is unknown, the outputs are compared, which for a provider are its inputs
        if (diff.Changes is DiffChanges.DiffUnknown)
            diff.Replaces.Clear();
        return Decision.Of(diff, old, wanted, options);
    }

    private async Task<ProviderInstance> RecordAsync(ProviderConnection connection, Op op, ResourceState? old, Map inputs, ImmutableArray<PropertyChange> changes)
    {
        var kept = op is Op.Same or Op.Update;
        var id = kept ? old!.Id : run.Preview ? null : Guid.NewGuid().ToString();
        var state = new ResourceState { Urn = urn, Id = id ?? WireNames.UnknownText, Inputs = inputs, Outputs = inputs, Protect = options.Protect };
        await run.Snapshot.EditAsync(current => old is null ? current.With(state)
            : kept ? current.Without(old).With(state)
            : current.Edited(old, other => other with { Delete = true }).With(state));
        if (old is not null && !kept)
            registry.Retire(old);
        if (!ProviderRegistry.IsDefault(urn))
            run.Log.Finished(new(urn, op, changes, null));
        // a provider that the refresh has started is used on
        return op is Op.Same && registry.Find(state) is { } up ? up : new(urn, id, Configure(connection, state), inputs, connection);
    }

    /// <summary>A provider with unknown configuration is not configured, and the engine answers for it.</summary>
    private IProvider Configure(ProviderConnection connection, ResourceState state)
    {
        if (!state.Inputs.IsKnown)
            return new UnconfiguredProvider(resource => run.Log.Warn(resource, $"The provider \"{urn.Name}\" is not configured yet; an update is assumed."));
        var configured = connection.ConfigureAsync(urn, state.Id, package, state.Inputs);
        return new RemoteProvider(connection, configured);
    }
}
