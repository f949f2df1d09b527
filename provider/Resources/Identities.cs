using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>Which thing a state means, of all that bore its name.</summary>
internal static class Identities
{
    private const string Recorded = "identity", Found = "foundIdentity";

    /// <summary>
    /// A look never gives an old state the identity of a new thing: it tells of it, so that the next update takes it over or a deletion leaves it alone.
    /// A state of an earlier version, which has none, stays as it is.
    /// </summary>
    /// <param name="observed">With the identity of what bears the name.</param>
    /// <param name="prior">Null: an import, which means what is there.</param>
    public static Map Seen(Map observed, Map? prior)
    {
        if (prior is null)
        {
            return observed;
        }
        var (recorded, there) = (prior[Recorded], observed[Recorded]);
        return observed
            .With(Recorded, recorded)
            .With(Found, recorded is null || there is null ? null : there.Equals(recorded) ? observed[Found] : there);
    }

    /// <summary>Whether a look has found another thing than its state meant.</summary>
    public static bool IsAnother(Map seen) => seen[Found] is not null;

    /// <summary>The same in words.</summary>
    public static string Another(string resource, string id) =>
        $"What is \"{id}\" now is another {resource} than the one that the state knew: it was made since, by somebody else or by hand.";

    /// <summary>Whether an operation has left a state with another thing than it was recorded with.</summary>
    public static bool Differ(Map prior, Map state) =>
        prior[Recorded] is StringValue recorded && state[Recorded] is StringValue now && recorded.Value != now.Value;
}
