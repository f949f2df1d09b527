using System.Collections.Concurrent;

namespace PgFleet.Histories;

/// <summary>Counts events: a property that never meets its cases proves nothing.</summary>
internal sealed class Tally
{
    private readonly ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);

    public void Count(string what) => counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    public override string ToString() => string.Join('\n', counts.OrderBy(count => count.Key, StringComparer.Ordinal).Select(count => $"{count.Value,8} {count.Key}"));
}
