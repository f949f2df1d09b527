using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>
/// What a run creates, keeps, replaces and removes, as far as its calls have shown. An object that a resource has created or kept is never deleted in the
/// same run: if an engine asks for that, it refers to an older object of the same id, which no longer exists.
/// </summary>
/// <remarks>"Who" is the protocol's name for a resource; one object may be requested under two of them at once.</remarks>
internal sealed class RunMemory
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string? Version, bool CreatesServer)> planned = new(StringComparer.Ordinal);
    private readonly HashSet<string> declarers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResourceReference> wanted = new(StringComparer.Ordinal);
    private readonly HashSet<ResourceReference> declared = [];
    private readonly Dictionary<string, string?> deletedFirst = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Who, ResourceReference What), Fate> fates = [];
    private readonly Dictionary<string, Map> kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> bound = new(StringComparer.Ordinal);

    private enum Fate
    {
        /// <summary>Unchanged, or updated in place.</summary>
        Kept,

        /// <summary>Created in this run, completely or in part.</summary>
        Created,

        /// <summary>To be replaced by a new one.</summary>
        Replaced,

        /// <summary>To be deleted.</summary>
        Removed,
    }

    /// <summary>Records that an instance exists for the rest of the run: it is created, or would be.</summary>
    /// <param name="instance">The instance's name; null: none.</param>
    /// <param name="version">See <see cref="Resources.Resource.VersionOf"/>.</param>
    /// <param name="createsServer">See <see cref="Resources.Resource.CreatesServer"/>.</param>
    public void MarkPlanned(string? instance, string? version, bool createsServer) => Locked(() => instance is not null && planned.TryAdd(instance, (version, createsServer)));

    public bool IsPlanned(string instance) => Locked(() => planned.ContainsKey(instance));

    /// <summary>True if the run creates a managed server of that name.</summary>
    public bool CreatesServer(string instance) => Locked(() => planned.GetValueOrDefault(instance).CreatesServer);

    public string? PlannedVersion(string instance) => Locked(() => planned.GetValueOrDefault(instance).Version);

    /// <summary>The planned instances; a reference to an instance that is not known yet refers to one of them.</summary>
    public IReadOnlyList<string> PlannedInstances() => Locked(planned.Keys.ToList);

    /// <summary>Records that the program declares a resource.</summary>
    /// <param name="who">The resource.</param>
    /// <param name="now">The object it will be; null while its id is not known.</param>
    /// <param name="before">The recorded object; null for a new resource or a replacement.</param>
    public void Declare(string who, ResourceReference? now, ResourceReference? before) => Locked(() =>
    {
        foreach (var what in new[] { now, before }.OfType<ResourceReference>())
        {
            declared.Add(what);
        }
        if (now is { } mine)
        {
            wanted[who] = mine;
        }
        return declarers.Add(who);
    });

    /// <summary>Another resource of the program for the same object; null: none is known.</summary>
    public string? OtherThatWants(string who, ResourceReference what) => Locked(() =>
        wanted.Where(want => want.Key != who && want.Value == what).Select(want => want.Key).FirstOrDefault());

    /// <summary>A resource of the program that is a database on that server; null: none is known.</summary>
    public string? WhoIsOn(string server) => Locked(() =>
        wanted.Where(want => want.Value.Space == "Database" && want.Value.Id.StartsWith($"{server}/", StringComparison.Ordinal)).Select(want => want.Key).FirstOrDefault());

    public bool Declares(string who) => Locked(() => declarers.Contains(who));

    public bool IsDeclared(ResourceReference what) => Locked(() => declared.Contains(what));

    /// <summary>Records the id that is deleted before its successor is created; null: none is.</summary>
    public void MarkDeletedFirst(string who, string? id) => Locked(() => deletedFirst[who] = id);

    public string? DeletedFirst(string who) => Locked(() => deletedFirst.GetValueOrDefault(who));

    public void Keep(string who, ResourceReference what) => Settle(who, what, Fate.Kept);

    /// <summary>Records that a resource is kept, with its recorded state for <see cref="TakeForced"/>.</summary>
    public void Keep(string who, ResourceReference what, Map state)
    {
        Keep(who, what);
        Locked(() => kept[who] = state);
    }

    public void Make(string who, ResourceReference what) => Settle(who, what, Fate.Created);

    public void Replace(string who, ResourceReference what) => Settle(who, what, Fate.Replaced);

    public void Remove(string who, ResourceReference what) => Settle(who, what, Fate.Removed);

    /// <summary>Marks a kept resource as replaced after all, by a user's option of the engine.</summary>
    /// <returns>The ids and states of its objects.</returns>
    public IReadOnlyList<(string Id, Map State)> TakeForced(string who) => Locked(() =>
    {
        var forced = fates.Where(fate => fate.Key.Who == who && fate.Value == Fate.Kept).Select(fate => fate.Key.What).ToList();
        forced.ForEach(what => fates[(who, what)] = Fate.Replaced);
        return kept.TryGetValue(who, out var state) ? forced.ConvertAll(what => (what.Id, state)) : [];
    });

    /// <summary>Records that an application stays bound to an instance.</summary>
    public void Bind(string application, string instance) => Locked(() => bound[application] = instance);

    public bool IsBound(string application, string instance) => Locked(() => bound.GetValueOrDefault(application) == instance);

    /// <summary>True if an application stays bound to the instance.</summary>
    public bool HasBound(string instance) => Locked(() => bound.ContainsValue(instance));

    /// <summary>Forgets an object that was deleted.</summary>
    public void Forget(ResourceReference what) => Locked(() => fates.Keys.Where(key => key.What == what).ToList().TrueForAll(fates.Remove));

    /// <summary>The resource that has the object at the end of the run; null: none is known.</summary>
    public string? HolderOf(ResourceReference what) => Locked(() =>
        fates.Where(fate => fate.Key.What == what && IsHeld(fate.Value)).Select(fate => fate.Key.Who).FirstOrDefault());

    /// <summary>True if the run is known to delete the object.</summary>
    public bool Leaves(ResourceReference what) => Locked(() =>
        fates.Where(fate => fate.Key.What == what).Select(fate => fate.Value).ToList() is { Count: > 0 } all && !all.Exists(IsHeld));

    /// <summary>True if the run is known to delete any object of the name space.</summary>
    public bool AnyLeaves(string space) => Locked(() => fates.Keys.Select(key => key.What).Where(what => what.Space == space).Distinct().ToList()).Exists(Leaves);

    /// <summary>Clears the memory, because a process may serve several runs.</summary>
    public void Clear() => Locked(() =>
    {
        planned.Clear();
        declarers.Clear();
        wanted.Clear();
        declared.Clear();
        deletedFirst.Clear();
        fates.Clear();
        kept.Clear();
        bound.Clear();
        return true;
    });

    /// <summary>Records a fate. An object created in this run stays created, regardless of what is planned for an older one of its id.</summary>
    private void Settle(string who, ResourceReference what, Fate fate) => Locked(() =>
        fates[(who, what)] = fates.GetValueOrDefault((who, what)) == Fate.Created ? Fate.Created : fate);

    private static bool IsHeld(Fate fate) => fate is Fate.Kept or Fate.Created;

    private T Locked<T>(Func<T> body)
    {
        lock (gate)
        {
            return body();
        }
    }
}
