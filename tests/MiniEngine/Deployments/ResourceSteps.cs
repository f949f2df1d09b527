using System.Collections.Immutable;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>The steps that make, change and end one resource, and what each leaves in the state.</summary>
internal sealed class ResourceSteps(Run run)
{
    /// <param name="successorOf">The resource to be retired when this one is there; null: none, or it is gone already.</param>
    public Task<Registered> CreateAsync(Goal goal, Map inputs, Op op, ImmutableArray<PropertyChange> changes, ResourceState? successorOf = null)
    {
        StackState Recorded(StackState state, ResourceState made) => (successorOf is null ? state : state.Retired(successorOf)).With(made);
        return run.StepAsync<Registered>(new(goal.Urn, op, changes, null), "creating", async () =>
        {
            var made = await goal.Provider.Provider.CreateAsync(goal.Urn, inputs, goal.Options.Timeouts.Create, run.Preview);
            var recorded = goal.State(made.Id ?? WireNames.UnknownText, inputs, made.Outputs);
            return (new(goal.Urn, made.Id, recorded.Outputs, Complete: !run.Preview), state => Recorded(state, recorded));
        }, (state, half) => half.Id.Length == 0 ? state : Recorded(state, goal.State(half.Id, inputs, half.Outputs) with { InitErrors = half.Reasons }));
    }

    public Task<Registered> UpdateAsync(Goal goal, ResourceState old, Map inputs, ImmutableArray<PropertyChange> changes) =>
        run.StepAsync<Registered>(new(goal.Urn, Op.Update, changes, null), "updating", async () =>
        {
            var outputs = await goal.Provider.Provider.UpdateAsync(old, inputs, goal.Options.Timeouts.Update, goal.Options.IgnoreChanges, run.Preview);
            var recorded = goal.State(old.Id, inputs, outputs);
            return (new(goal.Urn, old.Id, recorded.Outputs, Complete: !run.Preview), state => state.With(recorded));
        }, (state, half) => state.With(goal.State(old.Id, old.Inputs, half.Outputs) with { InitErrors = half.Reasons }));

    /// <summary>The inputs are recorded as newly checked, the outputs stay (protocol 4.2.4, DIFF_NONE).</summary>
    public async Task<Registered> SameAsync(Goal goal, ResourceState old, Map inputs)
    {
        var recorded = goal.State(old.Id, inputs, old.Outputs);
        await run.Snapshot.EditAsync(state => state.With(recorded));
        run.Log.Finished(new(goal.Urn, Op.Same, [], null));
        return new(goal.Urn, old.Id, recorded.Outputs, Complete: true);
    }

    /// <summary>Ends the resource and forgets it. No call is made in a preview, or for what is to be retained (protocol 4.2.7).</summary>
    /// <param name="provider">Null: nobody is to be asked.</param>
    public Task DeleteAsync(ResourceState old, Op op, Func<Task<IProvider>>? provider) =>
        DeleteAsync(old, op, provider, state => state.Without(old));

    /// <summary>Ends the resource and keeps its place for a successor, whatever happens in between (protocol 4.2.5).</summary>
    public Task DeleteFirstAsync(ResourceState old, Func<Task<IProvider>> provider) =>
        DeleteAsync(old, Op.DeleteReplaced, provider, state => state.With(old with { PendingReplacement = true }));

    private Task DeleteAsync(ResourceState old, Op op, Func<Task<IProvider>>? provider, Func<StackState, StackState> after) =>
        run.StepAsync<bool>(new(old.Urn, op, [], null), "deleting", async () =>
        {
            if (!run.Preview && !old.RetainOnDelete && provider is not null)
                await (await provider()).DeleteAsync(old);
            return (true, after);
        });
}
