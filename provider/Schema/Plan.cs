using System.Collections.Immutable;

namespace PgFleet.Schema;

/// <param name="Planned">The state to come; what only the operation can tell is unknown.</param>
/// <param name="Changes">What differs from the prior state; of a new resource, what is set.</param>
/// <param name="DeleteFirst">A new resource with these inputs would have the old one in its way, whether this plan asks for one or the engine does.</param>
internal sealed record Plan(Map Planned, ImmutableArray<Change> Changes, bool DeleteFirst)
{
    public bool Replaces => Changes.Any(change => change.Replaces);

    public bool Empty => Changes.IsEmpty;
}
