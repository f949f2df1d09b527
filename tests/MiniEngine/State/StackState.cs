using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MiniEngine.Values;

namespace MiniEngine.State;

/// <summary>Everything stored about a stack between runs. At most one resource of a URN is not pending deletion.</summary>
internal sealed record StackState
{
    /// <summary>The format of the file; a newer one is refused.</summary>
    public int Format { get; init; } = 1;

    /// <summary>The resources, each after its dependencies: first those recorded by this run, then the others, as in the real engine.</summary>
    public ImmutableArray<ResourceState> Resources { get; init; } = [];
    public ImmutableArray<PendingOperation> Pending { get; init; } = [];
    public Map Outputs { get; init; } = Map.Empty;

    /// <summary>The number of resources that this run has recorded.</summary>
    [JsonIgnore]
    public int Fresh { get; init; }

    public ResourceState? Find(Urn urn) => Resources.FirstOrDefault(resource => resource.Urn == urn && !resource.Delete);

    /// <summary>The current version of a resource; null: it is no longer recorded.</summary>
    public ResourceState? Now(ResourceState resource) => Resources.FirstOrDefault(other => other.Token == resource.Token);

    public StackState With(ResourceState resource) => this with { Resources = Resources.Insert(Fresh, resource), Fresh = Fresh + 1 };

    public StackState Without(ResourceState resource)
    {
        var index = IndexOf(resource);
        return index < 0 ? this : this with { Resources = Resources.RemoveAt(index), Fresh = index < Fresh ? Fresh - 1 : Fresh };
    }

    /// <summary>Replaces a resource in place by another version.</summary>
    public StackState Edited(ResourceState resource, Func<ResourceState, ResourceState> edit)
    {
        var index = IndexOf(resource);
        return index < 0 ? this : this with { Resources = Resources.SetItem(index, edit(Resources[index])) };
    }

    public StackState Begun(PendingOperation operation) => this with { Pending = Pending.Add(operation) };

    public StackState Ended(PendingOperation operation) => this with { Pending = Pending.Remove(operation) };

    /// <summary>The state at the start of the next run: of a killed run's pending operations only creations are kept (protocol 4.5).</summary>
    public StackState AtRest() => this with { Fresh = 0, Pending = Pending.RemoveAll(operation => operation.Kind is not PendingOperation.Creating) };

    private int IndexOf(ResourceState resource)
    {
        for (var index = 0; index < Resources.Length; index++)
        {
            if (Resources[index].Token == resource.Token)
                return index;
        }
        return -1;
    }
}
