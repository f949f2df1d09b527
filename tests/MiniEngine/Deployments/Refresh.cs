using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Refreshes the state (protocol 4.3), including what is pending deletion.</summary>
internal sealed class Refresh(Run run, ProviderRegistry providers, Ledger ledger, Targets targets)
{
    /// <summary>Refreshes everything that the program, if it was run, has not reached. Nothing is recorded before the end.</summary>
    public async Task RunAsync()
    {
        var rest = run.Base.Resources.Where(resource => !ledger.IsSettled(resource.Urn) && targets.Include(resource.Urn, StateGraph.NeededBy(resource)));
        var read = await Task.WhenAll(rest.Select(async old => (Old: old, Found: await AttemptAsync(old))));
        await run.Snapshot.EditAsync(state =>
        {
            foreach (var (old, found) in read)
                state = found is null ? state.Without(old) : state.Edited(old, _ => found);
            return Repaired(state) with { Pending = [] };
        });
        run.Base = run.Snapshot.Current.AtRest();
    }

    /// <param name="recorded">Record the result immediately.</param>
    /// <returns>The resource; null: it is gone.</returns>
    public async Task<ResourceState?> ReadAsync(ResourceState old, bool recorded = false)
    {
        if (old.Provider is null || old.PendingReplacement)
            return old;
        try
        {
            var provider = await providers.OfAsync(old);
            var read = await FindAsync(provider, old);
            var changes = read is null or { External: true } ? [] : await CompareAsync(provider, old, read);
            run.Log.Finished(new(old.Urn, read is null ? Op.Delete : changes is [] ? Op.Same : Op.Update, changes, null));
            if (recorded)
                await run.Snapshot.EditAsync(state => read is null ? state.Without(old) : state.Without(old).With(read));
            return read;
        }
        catch (ProviderException error)
        {
            run.Log.Finished(new(old.Urn, Op.Read, [], error.Message));
            throw run.Refuse(old.Urn, error.Message);
        }
    }

    /// <summary>Reads a resource; an error does not stop the other reads.</summary>
    private async Task<ResourceState?> AttemptAsync(ResourceState old)
    {
        try
        {
            return await run.BesidesAsync(() => run.Cancel.IsCancellationRequested ? Task.FromResult<ResourceState?>(old) : ReadAsync(old));
        }
        catch (AbandonedException)
        {
            return old;
        }
    }

    private async Task<ResourceState?> FindAsync(IProvider provider, ResourceState old)
    {
        try
        {
            var found = await provider.ReadAsync(old.Urn, old.Id, old.Outputs, old.Inputs, old.Timeouts.Read);
            return found is null ? null : Observed(old, found, []);
        }
        catch (PartialFailureException half)
        {
            // protocol 2.6: in a refresh this is a warning
            run.Log.Warn(old.Urn, half.Message);
            return Observed(old, new(half.Id, half.Outputs, half.Inputs), half.Reasons);
        }
    }

    private static ResourceState Observed(ResourceState old, Found found, ImmutableArray<string> initErrors)
    {
        var inputs = (found.Inputs ?? old.Inputs).WithSecretsOf(old.Inputs, []);
        return old with { Id = found.Id, Inputs = inputs, Outputs = found.Outputs.WithSecretsOf(inputs, old.AdditionalSecretOutputs), InitErrors = initErrors };
    }

    /// <summary>Diffs with what was read as the old side, and reverses the result for display.</summary>
    private static async Task<ImmutableArray<PropertyChange>> CompareAsync(IProvider provider, ResourceState old, ResourceState read)
    {
        var diff = await provider.DiffAsync(read, old.Inputs, old.IgnoreChanges);
        return [.. Decision.Of(diff, read with { InitErrors = [] }, old.Inputs, new ResourceOptions { IgnoreChanges = old.IgnoreChanges }).Changes.Select(change =>
        {
            var path = PropertyPath.Parse(change.Path);
            var kind = change.Kind switch { ChangeKind.Add => ChangeKind.Delete, ChangeKind.Delete => ChangeKind.Add, var same => same };
            return Comparison.Describe(path, kind, replaces: false, path.Find(old.Outputs) ?? path.Find(old.Inputs), path.Find(read.Outputs) ?? path.Find(read.Inputs));
        })];
    }

    /// <summary>Removes dependencies on resources that are gone.</summary>
    private static StackState Repaired(StackState state)
    {
        var there = state.Resources.Select(resource => resource.Urn).ToImmutableHashSet();
        return state with
        {
            Resources = [.. state.Resources.Select(resource => resource with
            {
                Dependencies = resource.Dependencies.RemoveAll(urn => !there.Contains(urn)),
                PropertyDependencies = resource.PropertyDependencies.ToImmutableSortedDictionary(item => item.Key, item => item.Value.RemoveAll(urn => !there.Contains(urn))),
                ReplaceWith = resource.ReplaceWith.RemoveAll(urn => !there.Contains(urn)),
                DeletedWith = resource.DeletedWith is { } with && there.Contains(with) ? with : null,
            })],
        };
    }
}
