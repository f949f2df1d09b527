using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Finds what must be deleted before a resource that is deleted to be replaced (protocol 4.2.5).</summary>
internal sealed class Dependants(Run run, ProviderRegistry providers, Ledger ledger)
{
    /// <summary>The resources to delete now, the furthest dependants first; the program creates them again when it reaches them.</summary>
    public async Task<ImmutableArray<ResourceState>> CondemnAsync(ResourceState root)
    {
        var doomed = (await FindAsync(root)).Concat(TakenAlong(root.Urn)).Reverse().Where(ledger.TryDeleteFirst).ToImmutableArray();
        if (doomed.FirstOrDefault(dependant => dependant is { Protect: true, Delete: false }) is { } kept)
            throw run.Refuse(kept.Urn, $"\"{kept.Urn.Name}\" is protected, and would be replaced together with \"{root.Urn.Name}\". Set its protect to false and run up first.");
        return doomed;
    }

    /// <summary>Those that their own Diff would replace if the inputs made from what is deleted were unknown: also what waits for its replacement, and what is pending deletion.</summary>
    public async Task<ImmutableArray<ResourceState>> FindAsync(ResourceState root)
    {
        var replaced = new HashSet<Urn> { root.Urn };
        var found = ImmutableArray.CreateBuilder<ResourceState>();
        foreach (var resource in StateGraph.DependantsOf(run.Base, root, ledger.IsOver))
        {
            if (!resource.External && await IsReplacedAsync(resource, replaced))
            {
                replaced.Add(resource.Urn);
                found.Add(resource);
            }
        }
        return found.ToImmutable();
    }

    /// <summary>The resources whose own options say that they are replaced along with it.</summary>
    private IEnumerable<ResourceState> TakenAlong(Urn root) =>
        run.Base.Resources.Where(resource => !resource.Delete && (resource.ReplaceWith.Contains(root) || resource.DeletedWith == root));

    private async Task<bool> IsReplacedAsync(ResourceState resource, HashSet<Urn> replaced)
    {
        if (resource.Provider is null)
            return false;
        if (replaced.Any(urn => resource.DeletedWith == urn || resource.Provider.StartsWith($"{urn}::", StringComparison.Ordinal)))
            return true;
        var affected = resource.PropertyDependencies.Where(item => item.Value.Any(replaced.Contains)).Select(item => item.Key)
            .Where(name => resource.Inputs[name] is not null).ToImmutableArray();
        if (affected is [])
            return false;
        var news = affected.Aggregate(resource.Inputs, (inputs, name) => inputs.With(name, Unknown.Instance));
        var provider = await providers.OfAsync(resource);
        var diff = await provider.DiffAsync(resource, news, resource.IgnoreChanges);
        var options = new ResourceOptions { IgnoreChanges = resource.IgnoreChanges, ReplaceOnChanges = resource.ReplaceOnChanges };
        return Decision.Of(diff, resource with { InitErrors = [] }, news, options).Verdict is Verdict.Replace;
    }
}
