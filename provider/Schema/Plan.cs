using System.Collections.Immutable;

namespace PgFleet.Schema;

/// <param name="Planned">The state to come; what only the operation can tell is unknown.</param>
/// <param name="Changes">What differs from the prior state; of a new resource, what is set.</param>
/// <param name="DeleteFirst">The old resource stands in the new one's way.</param>
internal sealed record Plan(Map Planned, ImmutableArray<Change> Changes, bool DeleteFirst)
{
    public bool Replaces => Changes.Any(change => change.Replaces);

    public bool Empty => Changes.IsEmpty;
}
