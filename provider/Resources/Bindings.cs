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
        if (applications.BoundTo(instance) is { Count: > 0 } bound)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The server \"{instance}\" has applications bound to it: {Names(bound)}.",
                "Change the instance of each to another one, or delete the applications, first.");
        }
    }

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(name => $"\"{name}\""));
}
