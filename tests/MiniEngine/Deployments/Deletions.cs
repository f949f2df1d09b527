using System.Collections.Immutable;
using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>Ends what is no longer wanted, each resource after all that need it (protocol 4.2.7).</summary>
internal sealed class Deletions(Run run, ProviderRegistry providers, ResourceSteps steps)
{
    public async Task RunAsync(IEnumerable<ResourceState> unwanted)
    {
        var doomed = unwanted.ToImmutableArray();
        // one protected resource saves them all: nothing is deleted by halves
        foreach (var resource in doomed.Where(resource => resource.Protect))
            run.Log.Error(resource.Urn, $"\"{resource.Urn.Name}\" is protected and cannot be deleted. Set its protect to false and run up first.");
        if (doomed.Any(resource => resource.Protect))
            return;
        var ends = new Dictionary<ResourceState, Task<bool>>(ReferenceEqualityComparer.Instance);
        foreach (var resource in StateGraph.Sort(doomed).Reverse())
            ends[resource] = EndAsync(resource, [.. ends.Where(end => StateGraph.Needs(end.Key, resource)).Select(end => end.Value)]);
        await Task.WhenAll(ends.Values);
    }

    private async Task<bool> EndAsync(ResourceState resource, IReadOnlyCollection<Task<bool>> before)
    {
        if ((await Task.WhenAll(before)).Contains(false))
            return false;
        try
        {
            await run.InTurnAsync(async () =>
            {
                await EndAsync(resource);
                return true;
            });
            return true;
        }
        catch (AbandonedException)
        {
            return false;
        }
    }

    /// <summary>What is only recorded (default providers, what was read, what was deleted to be replaced) is only forgotten.</summary>
    private Task EndAsync(ResourceState resource)
    {
        if (resource.External || resource.PendingReplacement || ProviderRegistry.IsDefault(resource.Urn))
            return run.Snapshot.EditAsync(state => state.Without(resource));
        return steps.DeleteAsync(
            resource,
            resource.Delete ? Op.DeleteReplaced : Op.Delete,
            resource.Provider is null ? null : () => providers.OfAsync(resource));
    }
}
