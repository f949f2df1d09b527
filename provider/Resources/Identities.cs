using PgFleet.Failures;
using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>Compares the identity in a state with that of the object that now has the name.</summary>
internal static class Identities
{
    private const string Recorded = "identity", Found = "foundIdentity";

    /// <summary>
    /// Completes an observation. A refresh never replaces the identity in a state by that of a new object: it reports the new one, so that the next update
    /// takes it over, or a deletion leaves it alone. A state of an earlier version, which has no identity, is not changed.
    /// </summary>
    /// <param name="observed">The observation, with the identity of the object that has the name.</param>
    /// <param name="prior">The recorded state; null: an import, which adopts the object.</param>
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

    /// <summary>True if a refresh found another object than the one in the state.</summary>
    public static bool IsAnother(Map seen) => seen[Found] is not null;

    /// <summary>The text for <see cref="IsAnother"/>.</summary>
    public static Message Another(string resource, string id) =>
        $"What is \"{id}\" now is another {Term.Resource(resource)} than the one that the state knew: it was made since, by somebody else or by hand.";

    /// <summary>True if an operation changed the identity in a state.</summary>
    public static bool Differ(Map prior, Map state) =>
        prior[Recorded] is StringValue recorded && state[Recorded] is StringValue now && recorded.Value != now.Value;
}
