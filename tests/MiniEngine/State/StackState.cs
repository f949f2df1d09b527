using System.Collections.Immutable;
using MiniEngine.Values;

namespace MiniEngine.State;

/// <summary>All that is kept of a stack between runs. Of the resources of one URN, one at most is not about to be deleted.</summary>
internal sealed record StackState
{
    /// <summary>Of the file; a newer one is refused.</summary>
    public int Format { get; init; } = 1;
    public ImmutableArray<ResourceState> Resources { get; init; } = [];
    public ImmutableArray<PendingOperation> Pending { get; init; } = [];
    public Map Outputs { get; init; } = Map.Empty;

    public ResourceState? Find(Urn urn) => Resources.FirstOrDefault(resource => resource.Urn == urn && !resource.Delete);

    /// <summary>Takes the place of the resource of its URN.</summary>
    public StackState With(ResourceState resource)
    {
        var old = Find(resource.Urn);
        return this with { Resources = old is null ? Resources.Add(resource) : Resources.Replace(old, resource) };
    }

    public StackState Without(ResourceState resource) => this with { Resources = Resources.RemoveAll(other => other.Urn == resource.Urn && other.Id == resource.Id && other.Delete == resource.Delete) };

    /// <summary>Leaves the resource to be deleted, its place free for a successor.</summary>
    public StackState Retired(ResourceState resource) => this with { Resources = Resources.Replace(resource, resource with { Delete = true }) };

    public StackState Begun(PendingOperation operation) => this with { Pending = Pending.Add(operation) };

    /// <summary>Also ends what an earlier run left pending of the same resource: it is known now how that stands.</summary>
    public StackState Ended(PendingOperation operation) => this with { Pending = Pending.RemoveAll(pending => pending.Urn == operation.Urn) };
}
