using System.Text.Json.Nodes;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>The differences of a phase from its recording.</summary>
/// <param name="needs">Whether one resource depends on another, directly or not.</param>
internal sealed class Differences(Case @case, IReadOnlyList<RecordedCall> recorded, ReplayedProvider replayed, Func<string, string, bool> needs)
{
    public IEnumerable<string> Find()
    {
        var came = replayed.Came;
        foreach (var call in came.Where(call => call.Recorded is null))
            yield return $"{call.Method} {call.Request["name"]} is not in the recording.";
        foreach (var call in recorded.Except(came.Select(call => call.Recorded).OfType<RecordedCall>()))
            yield return $"{call} did not come.";
        var newProviders = recorded.Where(call => call.Method == "CheckConfig").Select(call => call.Urn!)
            .Except(recorded.Where(call => call.Method == "DiffConfig").Select(call => call.Urn!)).ToHashSet();
        foreach (var call in came.Where(call => call.Recorded is not null))
        {
            foreach (var difference in Fields(call.Recorded!, Normal.Of(call.Method, call.Recorded!.Request, newProviders), Normal.Of(call.Method, call.Request, newProviders)))
                yield return difference;
        }
        foreach (var difference in Order([.. came.Select(call => call.Recorded).OfType<RecordedCall>()]))
            yield return difference;
        if (replayed.DecidedAtOnce > 1 && !@case.SideBySide && recorded.All(call => call.Method != "Read"))
            yield return $"{replayed.DecidedAtOnce} decisions were asked for at once.";
    }

    private static IEnumerable<string> Fields(RecordedCall call, JsonObject expected, JsonObject actual) =>
        expected.Select(field => field.Key).Union(actual.Select(field => field.Key))
            .Where(field => !JsonNode.DeepEquals(expected[field], actual[field]))
            .Select(field => $"{call}: {field} is {Show(actual[field])}, and was {Show(expected[field])}.");

    private IEnumerable<string> Order(IReadOnlyList<RecordedCall> came)
    {
        for (var later = 0; later < came.Count; later++)
        {
            for (var earlier = 0; earlier < later; earlier++)
            {
                if (came[earlier].N > came[later].N && Ordered(came[later], came[earlier]))
                    yield return $"{came[earlier]} came before {came[later]}.";
            }
        }
    }

    /// <summary>True if the order of two calls has a meaning: independent ones may run in parallel.</summary>
    private bool Ordered(RecordedCall one, RecordedCall other)
    {
        if (one.Method == "Cancel" || other.Method == "Cancel")
            return true;
        if (one.BringsUp && other.BringsUp)
            return true;
        // the log does not say which process a handshake belongs to; Configure is not awaited
        if (one.Urn is null || other.Urn is null || ((one.Method is "Configure" || other.Method is "Configure") && one.Urn != other.Urn))
            return false;
        return one.Urn == other.Urn || (!@case.SideBySide && (needs(Known(one), Known(other)) || needs(Known(other), Known(one))));
    }

    /// <summary>The name in the program; a default provider has none.</summary>
    private static string Known(RecordedCall call) =>
        call.Urn!.Contains("::pulumi:providers:", StringComparison.Ordinal) && call.Name.StartsWith("default", StringComparison.Ordinal) ? "default" : call.Name;

    private static string Show(JsonNode? value) => value?.ToJsonString() ?? "absent";
}
