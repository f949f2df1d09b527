using System.Collections.Immutable;
using MiniEngine.Providers;
using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>Deletes resources that are no longer wanted, each after its dependants (protocol 4.2.7).</summary>
internal sealed class Deletions(Run run, ProviderRegistry providers, ResourceSteps steps, Ledger ledger, Targets targets)
{
    /// <summary>Deletes what the program has not settled, and what was replaced.</summary>
    public async Task ClearUpAsync() =>
        await RunAsync([.. run.Base.Resources.Where(resource => ledger.IsRetired(resource) || !ledger.IsSettled(resource.Urn)).Select(Now)]);

    public async Task RunAsync(ImmutableArray<ResourceState> unwanted)
    {
        var doomed = targets.Confined ? await ConfineAsync(unwanted) : unwanted;
        foreach (var resource in doomed)
            ledger.Delete(resource.Urn);
        var kept = new List<ResourceState>();
        foreach (var level in StateGraph.Levels(doomed))
        {
            if (run.Stopped)
                return;
            var ends = level.Where(resource => !kept.Exists(other => StateGraph.Needs(other, resource.Urn))).ToList();
            // a protected resource keeps what it needs, and fails the run once the others are deleted
            foreach (var resource in ends.Where(resource => resource.Protect && !ledger.IsRetired(resource) && !IsOnlyRecorded(resource)))
            {
                kept.Add(resource);
                run.Log.Error(resource.Urn, $"\"{resource.Urn.Name}\" is protected and cannot be deleted. Set its protect to false and run up first.", stops: false);
            }
            kept.AddRange(level.Except(ends));
            await Task.WhenAll(ends.Except(kept).Select(AttemptAsync));
        }
    }

    /// <summary>The current record; if there is none, the record before its successor came.</summary>
    private ResourceState Now(ResourceState resource) => run.Snapshot.Current.Now(resource) ?? resource with { Delete = true, PendingReplacement = false };

    /// <summary>Restricts deletions to targets; their dependants are deleted only if they are targets too.</summary>
    private async Task<ImmutableArray<ResourceState>> ConfineAsync(ImmutableArray<ResourceState> unwanted)
    {
        var dependants = new Dependants(run, providers, ledger);
        var all = new HashSet<Urn>();
        foreach (var named in run.Base.Resources.Where(resource => targets.Name(resource.Urn)))
            all.UnionWith(StateGraph.DependantsOf(run.Base, named, _ => false).Select(resource => resource.Urn).Append(named.Urn));
        foreach (var resource in run.Base.Resources.Where(resource => all.Contains(resource.Urn)))
            await FindAsync(dependants, resource);
        var doomed = unwanted.Where(resource => all.Contains(resource.Urn)).ToImmutableArray();
        foreach (var resource in doomed.Where(resource => !targets.Name(resource.Urn) && !run.Choice.TargetDependents))
            run.Object(resource.Urn, $"\"{resource.Urn.Name}\" would be deleted together with a target, and was not named as one.");
        return doomed;
    }

    private async Task FindAsync(Dependants dependants, ResourceState resource)
    {
        try
        {
            await dependants.FindAsync(resource);
        }
        catch (ProviderException error)
        {
            throw run.Refuse(resource.Urn, error.Message);
        }
    }

    private async Task AttemptAsync(ResourceState resource)
    {
        try
        {
            await run.BesidesAsync(async () =>
            {
                await EndAsync(resource);
                return true;
            });
        }
        catch (AbandonedException)
        {
            // reported already
        }
    }

    private Task EndAsync(ResourceState resource)
    {
        if (IsOnlyRecorded(resource))
            return run.Snapshot.EditAsync(state => state.Without(resource));
        return steps.DeleteAsync(
            resource,
            resource.Delete ? Op.DeleteReplaced : Op.Delete,
            resource.Provider is null ? null : () => providers.OfAsync(resource));
    }

    /// <summary>True for what is only removed from the state: default providers, resources that were read, and those deleted to be replaced.</summary>
    private static bool IsOnlyRecorded(ResourceState resource) =>
        resource.External || (resource.PendingReplacement && !resource.Delete) || ProviderRegistry.IsDefault(resource.Urn);
}
