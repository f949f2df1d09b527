using System.ComponentModel;
using Npgsql;
using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>Tells what the machine and the servers refuse from what is a bug of ours.</summary>
internal static class WorldErrors
{
    private const int NoSpace = 28; // ENOSPC

    public static async Task<T> AskAsync<T>(Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception refused) when (Explain(refused) is { } failure)
        {
            throw failure;
        }
    }

    private static ResourceFailure? Explain(Exception refused) => refused switch
    {
        UnauthorizedAccessException => new(FailureKind.Denied, $"The operating system denies access: {Said(refused)}", "Run as a user that has it, or set home to a folder of your own.", refused),
        IOException { HResult: NoSpace } => new(FailureKind.Exhausted, $"The disk is full: {Said(refused)}", "Free some space, then run this again.", refused),
        IOException => new(FailureKind.Unavailable, $"The operating system refuses: {Said(refused)}", "Correct what it names, then run this again.", refused),
        Win32Exception => new(FailureKind.Missing, $"A program that is needed does not run: {Said(refused)}", "Install it, then run this again.", refused),
        PostgresException server => new(FailureKind.Refused, $"The server refuses: {server.MessageText} ({server.SqlState}).", "Correct what it names, then run this again.", refused),
        NpgsqlException => new(FailureKind.Unavailable, $"The connection to the server broke: {Said(refused)}", "See the instance's log, then run this again.", refused),
        _ => null,
    };

    private static string Said(Exception refused) => $"{refused.Message.TrimEnd('.')}.";
}
