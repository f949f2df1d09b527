using System.Collections.Immutable;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Creates, changes and deletes one resource, and records each result in the state.</summary>
internal sealed class ResourceSteps(Run run, Ledger ledger)
{
    /// <param name="old">The recorded resource; removed from the state if it was deleted to be replaced.</param>
    /// <param name="retires">True: the old one is deleted at the end of the run.</param>
    public Task<Registered> CreateAsync(Goal goal, Map inputs, Op op, ImmutableArray<PropertyChange> changes, ResourceState? old = null, bool retires = false)
    {
        StackState Recorded(StackState state, ResourceState made)
        {
            if (old is null)
                return state.With(made);
            if (retires)
                ledger.Retire(old);
            return (state.Now(old) is { PendingReplacement: true } ? state.Without(old) : state.Edited(old, other => other with { Delete = retires })).With(made);
        }

        return run.StepAsync<Registered>(new(goal.Urn, op, changes, null), PendingOperation.Creating, async () =>
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
            return (new(goal.Urn, old.Id, recorded.Outputs, Complete: !run.Preview), state => state.Without(old).With(recorded));
        }, (state, half) => state.Without(old).With(goal.State(old.Id, old.Inputs, half.Outputs) with { InitErrors = half.Reasons }));

    /// <summary>The inputs are recorded as newly checked, the outputs stay (protocol 4.2.4, DIFF_NONE).</summary>
    public Task<Registered> SameAsync(Goal goal, ResourceState old, Map inputs) =>
        KeepAsync(old, goal.State(old.Id, inputs, old.Outputs));

    /// <summary>Keeps the resource as it is recorded, ignoring the program.</summary>
    public Task<Registered> KeepAsync(ResourceState old) => KeepAsync(old, old with { Token = new() });

    /// <summary>Deletes the resource. No call is made in a preview, for a retained resource, or for one that is deleted with another (protocol 4.2.7).</summary>
    /// <param name="provider">The provider; null: no call is made.</param>
    public Task DeleteAsync(ResourceState old, Op op, Func<Task<IProvider>>? provider) =>
        DeleteAsync(old, op, provider, state => state.Without(old));

    /// <summary>Deletes the resource and keeps its place for a successor, even if the run fails in between (protocol 4.2.5).</summary>
    public Task DeleteFirstAsync(ResourceState old, Func<Task<IProvider>> provider) =>
        DeleteAsync(old, Op.DeleteReplaced, provider, state => old.Delete ? state.Without(old) : state.Edited(old, other => other with { PendingReplacement = true }));

    private async Task<Registered> KeepAsync(ResourceState old, ResourceState recorded)
    {
        await run.Snapshot.EditAsync(state => state.Without(old).With(recorded));
        run.Log.Finished(new(old.Urn, Op.Same, [], null));
        return new(old.Urn, old.Id, recorded.Outputs, Complete: true);
    }

    private Task DeleteAsync(ResourceState old, Op op, Func<Task<IProvider>>? provider, Func<StackState, StackState> after) =>
        run.StepAsync<bool>(new(old.Urn, op, [], null), "deleting", async () =>
        {
            var goesWithAnother = old.DeletedWith is { } with && ledger.IsDeleted(with);
            if (!run.Preview && !old.RetainOnDelete && !goesWithAnother && provider is not null)
                await (await provider()).DeleteAsync(old);
            return (true, after);
        });
}
