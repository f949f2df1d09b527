using System.ComponentModel;
using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>Translates operating-system errors into failures.</summary>
internal static class SystemErrors
{
    private const int NoSpace = 28; // ENOSPC

    /// <returns>Null if the exception does not come from the operating system.</returns>
    public static ResourceFailure? Explain(Exception refused) => refused switch
    {
        UnauthorizedAccessException => new(FailureKind.Denied, $"The operating system denies access: {Quote(refused)}", $"Run as a user that has it, or set {Term.Property("home")} to a folder of your own.", refused),
        IOException { HResult: NoSpace } => new(FailureKind.Exhausted, $"The disk is full: {Quote(refused)}", "Free some space, then run this again.", refused),
        IOException => new(FailureKind.Unavailable, $"The operating system refuses: {Quote(refused)}", "Correct what it names, then run this again.", refused),
        Win32Exception => new(FailureKind.Missing, $"A program that is needed does not run: {Quote(refused)}", "Install it, then run this again.", refused),
        _ => null,
    };

    /// <summary>The exception's message as a sentence.</summary>
    public static string Quote(Exception refused) => $"{refused.Message.TrimEnd('.')}.";
}
