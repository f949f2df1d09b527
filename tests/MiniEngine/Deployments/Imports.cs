using System.Security.Cryptography;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Imports existing resources into the state (protocol 4.4).</summary>
internal sealed class Imports(Run run)
{
    /// <summary>The "import" option: from then on, the program is compared with what was read.</summary>
    /// <param name="old">The resource that had the URN before; it is deleted at the end of the run.</param>
    public Task<ResourceState?> TakeAsync(Goal goal, ResourceState? old, Ledger ledger) =>
        run.StepAsync<ResourceState?>(new(goal.Urn, Op.Import, [], null), "importing", async () =>
        {
            var (found, read) = await ReadAsync(goal.Provider.Provider, goal.Urn, goal.Options.Import!, goal.Options.Timeouts.Read, asStep: true);
            var there = goal.State(found.Id, read, found.Outputs);
            ledger.Settle(goal.Urn);
            if (old is null)
                return (there, state => state.With(there));
            ledger.Retire(old);
            return (there, state => state.Edited(old, other => other with { Delete = true }).With(there));
        });

    /// <summary>The import command: the program is generated from what was read.</summary>
    /// <returns>The inputs.</returns>
    public Task<Map> AdoptAsync(Goal goal) =>
        run.StepAsync<Map>(new(goal.Urn, Op.Import, [], null), "importing", async () =>
        {
            var (found, inputs) = await ReadAsync(goal.Provider.Provider, goal.Urn, goal.Options.Import!, 0, asStep: false);
            var check = await goal.Provider.Provider.CheckAsync(goal.Urn, inputs, inputs, new(RandomNumberGenerator.GetBytes(32), null));
            foreach (var failure in check.Failures)
                run.Log.Warn(goal.Urn, failure.Reason);
            // protocol 4.4: Check's result is not recorded
            var recorded = goal.State(found.Id, inputs, found.Outputs) with { ImportId = null };
            return (inputs, state => state.With(recorded));
        });

    private static async Task<(Found Found, Map Inputs)> ReadAsync(IProvider provider, Urn urn, string id, double timeout, bool asStep)
    {
        var found = await provider.ReadAsync(urn, id, outputs: null, inputs: null, timeout, asStep)
            ?? throw new ProviderException($"\"{id}\" does not exist.");
        return found.Inputs is { } inputs
            ? (found, inputs)
            : throw new ProviderException($"The provider does not support importing \"{urn.Type}\": it read no inputs.");
    }
}
