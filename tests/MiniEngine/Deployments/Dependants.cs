using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>What has to go before a resource that is deleted to be replaced (protocol 4.2.5).</summary>
internal sealed class Dependants(Run run, ProviderRegistry providers, ResourceSteps steps, Claims claims)
{
    /// <summary>Deletes them, the furthest first; the program makes them anew when it comes to them.</summary>
    public async Task DeleteAsync(ResourceState root)
    {
        foreach (var dependant in (await FindAsync(root)).Reverse())
        {
            if (!claims.TryBeginDeletion(dependant.Urn))
                continue;
            try
            {
                if (dependant.Protect)
                    throw run.Refuse(dependant.Urn, $"\"{dependant.Urn.Name}\" is protected, and would be replaced together with \"{root.Urn.Name}\". Set its protect to false and run up first.");
                await steps.DeleteFirstAsync(dependant, () => providers.OfAsync(dependant));
            }
            finally
            {
                claims.EndDeletion(dependant.Urn);
            }
        }
    }

    /// <summary>Those that their own Diff would replace if the inputs made from what is deleted were unknown.</summary>
    private async Task<ImmutableArray<ResourceState>> FindAsync(ResourceState root)
    {
        var replaced = new HashSet<Urn> { root.Urn };
        var found = ImmutableArray.CreateBuilder<ResourceState>();
        foreach (var resource in StateGraph.Sort(run.Snapshot.Current.Resources))
        {
            if (resource is { Delete: false, External: false, PendingReplacement: false, Provider: not null } && await IsReplacedAsync(resource, replaced))
            {
                replaced.Add(resource.Urn);
                found.Add(resource);
            }
        }
        return found.ToImmutable();
    }

    private async Task<bool> IsReplacedAsync(ResourceState resource, HashSet<Urn> replaced)
    {
        var affected = resource.PropertyDependencies.Where(item => item.Value.Any(replaced.Contains)).Select(item => item.Key).ToImmutableArray();
        if (affected is [] || replaced.Contains(resource.Urn))
            return false;
        var news = affected.Where(name => resource.Inputs[name] is not null).Aggregate(resource.Inputs, (inputs, name) => inputs.With(name, Unknown.Instance));
        var provider = await providers.OfAsync(resource);
        var decision = Decision.Of(await provider.DiffAsync(resource, news, []), resource, news, new ResourceOptions());
        return decision.Verdict is Verdict.Replace;
    }
}
