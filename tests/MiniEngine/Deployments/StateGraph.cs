using System.Collections.Immutable;
using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>Which recorded resource needs which.</summary>
internal static class StateGraph
{
    public static bool Needs(ResourceState resource, ResourceState other) =>
        resource.Urn != other.Urn && (resource.Dependencies.Contains(other.Urn) || resource.Provider == $"{other.Urn}::{other.Id}");

    /// <summary>Each after all that it needs.</summary>
    public static ImmutableArray<ResourceState> Sort(IReadOnlyCollection<ResourceState> resources)
    {
        var sorted = ImmutableArray.CreateBuilder<ResourceState>(resources.Count);
        var seen = new HashSet<ResourceState>(ReferenceEqualityComparer.Instance);
        foreach (var resource in resources)
            Visit(resource);
        return sorted.ToImmutable();

        void Visit(ResourceState resource)
        {
            if (!seen.Add(resource))
                return;
            foreach (var needed in resources.Where(other => Needs(resource, other)))
                Visit(needed);
            sorted.Add(resource);
        }
    }
}
