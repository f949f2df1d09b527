using System.Collections.Immutable;
using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>The dependencies between recorded resources. A state lists each resource after its dependencies.</summary>
internal static class StateGraph
{
    /// <summary>A resource's dependencies, without its provider.</summary>
    public static IEnumerable<Urn> NeededBy(ResourceState resource) =>
        [.. resource.Dependencies, .. resource.PropertyDependencies.Values.SelectMany(urns => urns), .. resource.ReplaceWith, .. resource.DeletedWith is { } with ? (Urn[])[with] : []];

    public static bool Needs(ResourceState resource, Urn other) =>
        resource.Urn != other && (NeededBy(resource).Contains(other) || resource.Provider?.StartsWith($"{other}::", StringComparison.Ordinal) is true);

    /// <summary>All direct and indirect dependants, nearest first.</summary>
    public static IEnumerable<ResourceState> DependantsOf(StackState state, ResourceState root, Func<Urn, bool> ignored)
    {
        var found = new HashSet<Urn> { root.Urn };
        foreach (var resource in state.Resources.SkipWhile(other => other.Token != root.Token).Skip(1))
        {
            if (ignored(resource.Urn) || !found.Any(urn => Needs(resource, urn)))
                continue;
            found.Add(resource.Urn);
            yield return resource;
        }
    }

    /// <summary>The order of deletions: each group after the one before it (protocol 4.2.7).</summary>
    public static ImmutableArray<ImmutableArray<ResourceState>> Levels(ImmutableArray<ResourceState> doomed)
    {
        var depth = new Dictionary<object, int>();
        for (var at = 0; at < doomed.Length; at++)
            depth[doomed[at].Token] = doomed[..at].Where(other => Needs(doomed[at], other.Urn)).Select(other => depth[other.Token] + 1).DefaultIfEmpty(0).Max();
        return [.. doomed.GroupBy(resource => depth[resource.Token]).OrderByDescending(level => level.Key).Select(level => level.ToImmutableArray())];
    }
}
