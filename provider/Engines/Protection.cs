using PgFleet.Failures;

namespace PgFleet.Engines;

/// <summary>The refusal to delete a server whose last applied state is protected.</summary>
internal static class Protection
{
    public static ResourceFailure Refusal(string server) => new(
        FailureKind.Refused,
        $"The server \"{server}\" is protected.",
        $"Set {Term.Property("deletionProtection")} to false and update it first, if its data may go. If it is to stay, take what would delete it out of the state.");
}
