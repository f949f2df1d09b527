using MiniEngine.Providers;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Reads what the program only looks at (protocol 4.2.1).</summary>
internal sealed class ExternalResources(Run run, Claims claims)
{
    /// <param name="id">Unknown in a preview, if what it is made from is.</param>
    public async Task<Registered> ReadAsync(Goal goal, Value id)
    {
        await claims.RegisterAsync(goal.Urn);
        if (run.Snapshot.Current.Find(goal.Urn) is { External: false })
            throw run.Refuse(goal.Urn, $"\"{goal.Urn.Name}\" was managed so far. MiniEngine does not let go of such a resource: rename what is only read.");
        if (id.Bare is not Text { Content: var text })
            return id.IsKnown ? throw run.Refuse(goal.Urn, "The id to read is no text.") : new(goal.Urn, null, Map.Empty, Complete: false);
        return await run.StepAsync<Registered>(new(goal.Urn, Op.Read, [], null), "reading", async () =>
        {
            var found = await goal.Provider.Provider.ReadAsync(goal.Urn, text, goal.Inputs, goal.Inputs, goal.Options.Timeouts.Read)
                ?? throw new ProviderException($"\"{text}\" does not exist.");
            var recorded = goal.State(found.Id, goal.Inputs, found.Outputs) with { External = true };
            return (new(goal.Urn, found.Id, recorded.Outputs, Complete: goal.Provider.Provider is not UnconfiguredProvider), state => state.With(recorded));
        });
    }
}
