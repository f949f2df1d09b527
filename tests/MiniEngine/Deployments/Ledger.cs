using MiniEngine.State;

namespace MiniEngine.Deployments;

/// <summary>What this run has decided so far. Only whoever decides looks into it, and that is one at a time.</summary>
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

    /// <summary>False: the program has the resource already.</summary>
    public bool TryRegister(Urn urn) => registered.Add(urn);

    /// <summary>Kept, changed, made or read: nobody deletes it at the end.</summary>
    public void Settle(Urn urn) => settled.Add(urn);

    public bool IsSettled(Urn urn) => settled.Contains(urn);

    public void Replace(Urn urn)
    {
        settled.Add(urn);
        replaced.Add(urn);
        deleted.Remove(urn);
    }

    public bool IsReplaced(Urn urn) => replaced.Contains(urn);

    /// <summary>False: it is deleted already.</summary>
    public bool TryDeleteFirst(ResourceState resource)
    {
        if (!deletedFirst.Add(resource.Token))
            return false;
        deleted.Add(resource.Urn);
        return true;
    }

    public void Delete(Urn urn) => deleted.Add(urn);

    public bool IsDeleted(Urn urn) => deleted.Contains(urn);

    /// <summary>Already dealt with, in whatever way: it cannot depend on what the program comes to now.</summary>
    public bool IsOver(Urn urn) => settled.Contains(urn) || deleted.Contains(urn);

    /// <summary>Its successor is there: it is deleted at the end of the run.</summary>
    public void Retire(ResourceState resource) => retired.Add(resource.Token);

    public bool IsRetired(ResourceState resource) => resource.Delete || retired.Contains(resource.Token);

    /// <summary>Would have been made, but is no target.</summary>
    public void Skip(Urn urn) => skipped.Add(urn);

    public bool IsSkipped(Urn urn) => skipped.Contains(urn);

    /// <summary>A target because of what it depends on.</summary>
    public void Target(Urn urn) => targets.Add(urn);

    public bool IsTarget(Urn urn) => targets.Contains(urn);
}
