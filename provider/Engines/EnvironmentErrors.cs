using Npgsql;
using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Engines;

/// <summary>Translates exceptions of the operating system and of PostgreSQL servers into failures; anything else is a bug.</summary>
internal static class EnvironmentErrors
{
    /// <exception cref="ResourceFailure">The operating system or a server refused.</exception>
    public static async Task<T> TranslateAsync<T>(Func<Task<T>> work)
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
        PostgresException server => new(FailureKind.Refused, $"The server refuses: {server.MessageText} ({server.SqlState}).", "Correct what it names, then run this again.", refused),
        NpgsqlException => new(FailureKind.Unavailable, $"The connection to the server broke: {SystemErrors.Quote(refused)}", "See the instance's log, then run this again.", refused),
        _ => SystemErrors.Explain(refused),
    };
}
