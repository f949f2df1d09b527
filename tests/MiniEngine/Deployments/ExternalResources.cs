using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Reads resources that the program only refers to (protocol 4.2.1).</summary>
internal sealed class ExternalResources(Run run, Ledger ledger)
{
    /// <param name="id">The id; unknown in a preview if it depends on something unknown.</param>
    public Task<Registered> ReadAsync(Goal goal, Value id) => run.DecideAsync(() => Task.FromResult(() => StepAsync(goal, id)));

    private async Task<Registered> StepAsync(Goal goal, Value id)
    {
        if (!ledger.TryRegister(goal.Urn))
            throw run.Refuse(goal.Urn, $"The program has \"{goal.Urn.Name}\" twice. Give one of them another name.");
        ledger.Settle(goal.Urn);
        if (id.Bare is not Text { Content: var text })
            return id.IsKnown ? throw run.Refuse(goal.Urn, "The id to read is no text.") : new(goal.Urn, null, Map.Empty, Complete: false);
        var old = run.Base.Find(goal.Urn);
        return await run.StepAsync<Registered>(new(goal.Urn, Op.Read, [], null), "reading", async () =>
        {
            var found = await goal.Provider.Provider.ReadAsync(goal.Urn, text, goal.Inputs, goal.Inputs, goal.Options.Timeouts.Read)
                ?? throw new ProviderException($"\"{text}\" does not exist.");
            var recorded = goal.State(found.Id, goal.Inputs, found.Outputs) with { External = true };
            return (new(goal.Urn, found.Id, recorded.Outputs, Complete: goal.Provider.Provider is not UnconfiguredProvider), state => Recorded(state, recorded));
        });

        StackState Recorded(StackState state, ResourceState recorded)
        {
            // a resource managed so far under another id is deleted at the end; under the same id it is no longer managed
            if (old is not { External: false } || old.Id == text)
                return (old is null ? state : state.Without(old)).With(recorded);
            ledger.Retire(old);
            return state.Edited(old, other => other with { Delete = true }).With(recorded);
        }
    }
}
