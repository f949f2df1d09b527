using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>
/// What a run makes, keeps, replaces and removes, as far as its calls have told this process. A thing that somebody has is never deleted in the
/// same run: an engine that asks for that means an older thing of the same id, of which nothing is left.
/// </summary>
/// <remarks>"Who" is what the protocol knows a resource by: one thing may be asked for under two names at once.</remarks>
internal sealed class RunMemory
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, (string? Version, bool IsMade)> foreseen = new(StringComparer.Ordinal);
    private readonly HashSet<string> declarers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ResourceReference> wanted = new(StringComparer.Ordinal);
    private readonly HashSet<ResourceReference> declared = [];
    private readonly Dictionary<string, string?> freed = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Who, ResourceReference What), Fate> fates = [];
    private readonly Dictionary<string, Map> kept = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> bound = new(StringComparer.Ordinal);

    private enum Fate
    {
        /// <summary>Goes on as it is, or is changed in place.</summary>
        Kept,

        /// <summary>Made in this run, in whole or in part.</summary>
        Made,

        /// <summary>Goes for a new one.</summary>
        Replaced,

        /// <summary>Goes.</summary>
        Removed,
    }

    /// <summary>An instance of that name is there for the rest of the run: it is being made, or would be.</summary>
    /// <param name="version">See <see cref="Resources.Resource.VersionOf"/>.</param>
    /// <param name="isMade">See <see cref="Resources.Resource.MakesServer"/>.</param>
    public void MarkPlanned(string? instance, string? version, bool isMade) => Locked(() => instance is not null && foreseen.TryAdd(instance, (version, isMade)));

    public bool IsPlanned(string instance) => Locked(() => foreseen.ContainsKey(instance));

    /// <summary>The same of a server that is none of others.</summary>
    public bool Makes(string instance) => Locked(() => foreseen.GetValueOrDefault(instance).IsMade);

    public string? VersionForeseen(string instance) => Locked(() => foreseen.GetValueOrDefault(instance).Version);

    /// <summary>Of these is whatever names an instance that is not known yet.</summary>
    public IReadOnlyList<string> Foreseen() => Locked(foreseen.Keys.ToList);

    /// <summary>The program has it.</summary>
    /// <param name="now">Null while its id is not known.</param>
    /// <param name="before">As it is recorded; null: it is new, or made anew.</param>
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

    /// <summary>Who else in the program is to be that very thing; null: nobody, as far as is known.</summary>
    public string? OtherThatWants(string who, ResourceReference what) => Locked(() =>
        wanted.Where(want => want.Key != who && want.Value == what).Select(want => want.Key).FirstOrDefault());

    /// <summary>Who in the program is to be a database on that server; null: nobody, as far as is known.</summary>
    public string? WhoIsOn(string server) => Locked(() =>
        wanted.Where(want => want.Value.Space == "Database" && want.Value.Id.StartsWith($"{server}/", StringComparison.Ordinal)).Select(want => want.Key).FirstOrDefault());

    public bool Declares(string who) => Locked(() => declarers.Contains(who));

    public bool IsDeclared(ResourceReference what) => Locked(() => declared.Contains(what));

    /// <param name="id">What is deleted before its successor is created; null when nothing is.</param>
    public void MarkDeletedFirst(string who, string? id) => Locked(() => freed[who] = id);

    public string? DeletedFirst(string who) => Locked(() => freed.GetValueOrDefault(who));

    public void Keep(string who, ResourceReference what) => Settle(who, what, Fate.Kept);

    /// <param name="state">As recorded: see <see cref="TakeForced"/>.</param>
    public void Keep(string who, ResourceReference what, Map state)
    {
        Keep(who, what);
        Locked(() => kept[who] = state);
    }

    public void Make(string who, ResourceReference what) => Settle(who, what, Fate.Made);

    public void Replace(string who, ResourceReference what) => Settle(who, what, Fate.Replaced);

    public void Remove(string who, ResourceReference what) => Settle(who, what, Fate.Removed);

    /// <summary>What it was to keep is replaced after all: its engine's user says so.</summary>
    /// <returns>The ids and states of that.</returns>
    public IReadOnlyList<(string Id, Map State)> TakeForced(string who) => Locked(() =>
    {
        var forced = fates.Where(fate => fate.Key.Who == who && fate.Value == Fate.Kept).Select(fate => fate.Key.What).ToList();
        forced.ForEach(what => fates[(who, what)] = Fate.Replaced);
        return kept.TryGetValue(who, out var state) ? forced.ConvertAll(what => (what.Id, state)) : [];
    });

    /// <summary>An application stays bound to an instance.</summary>
    public void Bind(string application, string instance) => Locked(() => bound[application] = instance);

    public bool IsBound(string application, string instance) => Locked(() => bound.GetValueOrDefault(application) == instance);

    /// <summary>Whether an application stays bound to that instance.</summary>
    public bool HasBound(string instance) => Locked(() => bound.ContainsValue(instance));

    /// <summary>It was deleted.</summary>
    public void Forget(ResourceReference what) => Locked(() => fates.Keys.Where(key => key.What == what).ToList().TrueForAll(fates.Remove));

    /// <summary>Who has it when the run ends; null: nobody, as far as is known.</summary>
    public string? HolderOf(ResourceReference what) => Locked(() =>
        fates.Where(fate => fate.Key.What == what && IsHeld(fate.Value)).Select(fate => fate.Key.Who).FirstOrDefault());

    /// <summary>Whether the run is known to delete it.</summary>
    public bool Leaves(ResourceReference what) => Locked(() =>
        fates.Where(fate => fate.Key.What == what).Select(fate => fate.Value).ToList() is { Count: > 0 } all && !all.Exists(IsHeld));

    /// <summary>Whether the run is known to delete anything of that space.</summary>
    public bool AnyLeaves(string space) => Locked(() => fates.Keys.Select(key => key.What).Where(what => what.Space == space).Distinct().ToList()).Exists(Leaves);

    /// <summary>A process that serves several runs.</summary>
    public void Clear() => Locked(() =>
    {
        foreseen.Clear();
        declarers.Clear();
        wanted.Clear();
        declared.Clear();
        freed.Clear();
        fates.Clear();
        kept.Clear();
        bound.Clear();
        return true;
    });

    /// <summary>What was made in this run stays made, whatever is planned of what had its id before.</summary>
    private void Settle(string who, ResourceReference what, Fate fate) => Locked(() =>
        fates[(who, what)] = fates.GetValueOrDefault((who, what)) == Fate.Made ? Fate.Made : fate);

    private static bool IsHeld(Fate fate) => fate is Fate.Kept or Fate.Made;

    private T Locked<T>(Func<T> body)
    {
        lock (gate)
        {
            return body();
        }
    }
}
