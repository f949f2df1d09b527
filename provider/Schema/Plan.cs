using System.Collections.Immutable;

namespace PgFleet.Schema;

/// <summary>What an update would change.</summary>
/// <param name="Planned">The state after the update; values that only the operation can determine are unknown.</param>
/// <param name="Changes">The differences from the prior state; for a new resource, the inputs that are set.</param>
/// <param name="DeleteFirst">
/// True if a new resource with these inputs would conflict with the old one, no matter whether this plan or the engine replaces it.
/// </param>
internal sealed record Plan(Map Planned, ImmutableArray<Change> Changes, bool DeleteFirst)
{
    public bool Replaces => Changes.Any(change => change.Replaces);

    public bool Empty => Changes.IsEmpty;
}
