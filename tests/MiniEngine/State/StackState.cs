using System.Collections.Immutable;
using System.Text.Json.Serialization;
using MiniEngine.Values;

namespace MiniEngine.State;

/// <summary>All that is kept of a stack between runs. Of the resources of one URN, one at most is not about to be deleted.</summary>
internal sealed record StackState
{
    /// <summary>Of the file; a newer one is refused.</summary>
    public int Format { get; init; } = 1;

    /// <summary>Each after all that it needs: what the run has recorded, then what it has not come to, as the engine keeps them.</summary>
    public ImmutableArray<ResourceState> Resources { get; init; } = [];
    public ImmutableArray<PendingOperation> Pending { get; init; } = [];
    public Map Outputs { get; init; } = Map.Empty;

    /// <summary>How many of the resources this run has recorded.</summary>
    [JsonIgnore]
    public int Fresh { get; init; }

    public ResourceState? Find(Urn urn) => Resources.FirstOrDefault(resource => resource.Urn == urn && !resource.Delete);

    /// <summary>The resource as it is now; null: it is no longer recorded.</summary>
    public ResourceState? Now(ResourceState resource) => Resources.FirstOrDefault(other => other.Token == resource.Token);

    public StackState With(ResourceState resource) => this with { Resources = Resources.Insert(Fresh, resource), Fresh = Fresh + 1 };

    public StackState Without(ResourceState resource)
    {
        var index = IndexOf(resource);
        return index < 0 ? this : this with { Resources = Resources.RemoveAt(index), Fresh = index < Fresh ? Fresh - 1 : Fresh };
    }

    /// <summary>Leaves the resource at its place, but in another form.</summary>
    public StackState Edited(ResourceState resource, Func<ResourceState, ResourceState> edit)
    {
        var index = IndexOf(resource);
        return index < 0 ? this : this with { Resources = Resources.SetItem(index, edit(Resources[index])) };
    }

    public StackState Begun(PendingOperation operation) => this with { Pending = Pending.Add(operation) };

    public StackState Ended(PendingOperation operation) => this with { Pending = Pending.Remove(operation) };

    /// <summary>As the next run begins with it: of what a killed run had begun it keeps the creations alone (protocol 4.5).</summary>
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
