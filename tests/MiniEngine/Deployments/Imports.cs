using MiniEngine.Providers;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Takes what exists into the state (protocol 4.4).</summary>
internal sealed class Imports(Run run)
{
    /// <summary>The "import" option: what is there has to be as the program has it.</summary>
    public Task<Registered> TakeAsync(Goal goal, Map inputs) =>
        run.StepAsync<Registered>(new(goal.Urn, Op.Import, [], null), "importing", async () =>
        {
            var (found, read) = await ReadAsync(goal.Provider.Provider, goal.Urn, goal.Options.Import!, goal.Options.Timeouts.Read);
            var there = goal.State(found.Id, read, found.Outputs);
            var decision = Decision.Of(await goal.Provider.Provider.DiffAsync(there, inputs, goal.Options.IgnoreChanges), there, inputs, goal.Options);
            if (decision.Verdict is not Verdict.Same)
                Differ(goal.Urn, decision);
            var recorded = there with { Inputs = inputs, Outputs = there.Outputs.WithSecretsOf(inputs, []) };
            return (new(goal.Urn, found.Id, recorded.Outputs, Complete: true), state => state.With(recorded));
        });

    /// <summary>The verb: the program is written from what is there.</summary>
    /// <returns>The inputs.</returns>
    public Task<Map> AdoptAsync(Goal goal) =>
        run.StepAsync<Map>(new(goal.Urn, Op.Import, [], null), "importing", async () =>
        {
            var (found, inputs) = await ReadAsync(goal.Provider.Provider, goal.Urn, goal.Options.Import!, 0);
            var check = await goal.Provider.Provider.CheckAsync(goal.Urn, inputs, inputs, new(new byte[32], null));
            foreach (var failure in check.Failures)
                run.Log.Warn(goal.Urn, failure.Reason);
            var recorded = goal.State(found.Id, check.Failures is [] ? check.Inputs : inputs, found.Outputs);
            return (inputs, state => state.With(recorded));
        });

    private static async Task<(Found Found, Map Inputs)> ReadAsync(IProvider provider, Urn urn, string id, double timeout)
    {
        var found = await provider.ReadAsync(urn, id, outputs: null, inputs: null, timeout)
            ?? throw new ProviderException($"\"{id}\" does not exist.");
        return found.Inputs is { } inputs
            ? (found, inputs)
            : throw new ProviderException($"The provider does not support importing \"{urn.Type}\": it read no inputs.");
    }

    private void Differ(Urn urn, Decision decision)
    {
        var text = $"The program differs from what is imported: {string.Join(", ", decision.Changes.Select(change => change.Path))}. Write the values as they are there.";
        if (!run.Preview)
            throw new ProviderException(text);
        run.Log.Warn(urn, text);
    }
}
