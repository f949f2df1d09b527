using PgFleet.Applications;
using PgFleet.Failures;

namespace PgFleet.Resources;

/// <summary>Finds applications that are bound to a server, which must not be deleted before they are.</summary>
internal static class Bindings
{
    /// <summary>A sentence for a preview of a deletion; empty when no application is bound.</summary>
    public static string Sentence(ApplicationStore applications, string instance) =>
        applications.BoundTo(instance) is { Count: > 0 } bound ? $" Applications are bound to it, and have to move first: {Names(bound)}." : "";

    /// <exception cref="ResourceFailure">Applications are bound to the server.</exception>
    public static void RequireNone(ApplicationStore applications, string instance)
    {
        if (Refusal(applications, instance) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>
    /// Why the server cannot be deleted; null when no application is bound. <paramref name="counts"/> selects the applications that matter; null: all.
    /// </summary>
    public static ResourceFailure? Refusal(ApplicationStore applications, string instance, Func<string, bool>? counts = null) =>
        applications.BoundTo(instance).Where(counts ?? (_ => true)).ToList() is { Count: > 0 } bound
            ? new(
                FailureKind.Refused,
                $"The server \"{instance}\" has applications bound to it: {Names(bound)}.",
                "Change the instance of each to another one, or delete the applications, first.")
            : null;

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
