using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>The decisions of this run. Used only while deciding, by one thread at a time.</summary>
internal sealed class Ledger
{
    private readonly HashSet<Urn> registered = [];
    private readonly HashSet<Urn> settled = [];
    private readonly HashSet<Urn> replaced = [];
    private readonly HashSet<Urn> deleted = [];
    private readonly HashSet<Urn> skipped = [];
    private readonly HashSet<Urn> targets = [];
    private readonly HashSet<object> deletedFirst = [];
    private readonly HashSet<object> retired = [];

    /// <summary>Registers a resource; false: the program has it already.</summary>
    public bool TryRegister(Urn urn) => registered.Add(urn);

    /// <summary>Marks a resource as kept, changed, created or read, so that it is not deleted at the end.</summary>
    public void Settle(Urn urn) => settled.Add(urn);

    public bool IsSettled(Urn urn) => settled.Contains(urn);

    public void Replace(Urn urn)
    {
        settled.Add(urn);
        replaced.Add(urn);
        deleted.Remove(urn);
    }

    public bool IsReplaced(Urn urn) => replaced.Contains(urn);

    /// <summary>Marks a resource as deleted first; false: it was before.</summary>
    public bool TryDeleteFirst(ResourceState resource)
    {
        if (!deletedFirst.Add(resource.Token))
            return false;
        deleted.Add(resource.Urn);
        return true;
    }

    public void Delete(Urn urn) => deleted.Add(urn);

    public bool IsDeleted(Urn urn) => deleted.Contains(urn);

    /// <summary>True if the resource was dealt with already, so that it cannot depend on what the program declares later.</summary>
    public bool IsOver(Urn urn) => settled.Contains(urn) || deleted.Contains(urn);

    /// <summary>Marks a replaced resource for deletion at the end of the run.</summary>
    public void Retire(ResourceState resource) => retired.Add(resource.Token);

    public bool IsRetired(ResourceState resource) => resource.Delete || retired.Contains(resource.Token);

    /// <summary>Marks a resource that was not created because it is no target.</summary>
    public void Skip(Urn urn) => skipped.Add(urn);

    public bool IsSkipped(Urn urn) => skipped.Contains(urn);

    /// <summary>Makes a resource a target because of its dependencies.</summary>
    public void Target(Urn urn) => targets.Add(urn);

    public bool IsTarget(Urn urn) => targets.Contains(urn);
}
