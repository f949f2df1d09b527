using PgFleet.Applications;
using PgFleet.Failures;

namespace PgFleet.Resources;

/// <summary>The applications that hold on to a server: it goes after them.</summary>
internal static class Bindings
{
    /// <summary>For a preview of what would go; empty when nothing is bound.</summary>
    public static string Sentence(ApplicationStore applications, string instance) =>
        applications.BoundTo(instance) is { Count: > 0 } bound ? $" Applications are bound to it, and have to move first: {Names(bound)}." : "";

    /// <exception cref="ResourceFailure">Some are bound.</exception>
    public static void RequireNone(ApplicationStore applications, string instance)
    {
        if (Refusal(applications, instance) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <summary>Null where none is bound.</summary>
    /// <param name="counts">Which of them matter; null: all.</param>
    public static ResourceFailure? Refusal(ApplicationStore applications, string instance, Func<string, bool>? counts = null) =>
        applications.BoundTo(instance).Where(counts ?? (_ => true)).ToList() is { Count: > 0 } bound
            ? new(
                FailureKind.Refused,
                $"The server \"{instance}\" has applications bound to it: {Names(bound)}.",
                "Change the instance of each to another one, or delete the applications, first.")
            : null;

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
