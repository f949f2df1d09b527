using Npgsql;
using PgFleet.Failures;

namespace PgFleet.Postgres.Sql;

/// <summary>Translates the server's errors by SQLSTATE alone: message texts are localised and change between versions.</summary>
internal static class SqlFailure
{
    /// <summary>True for an error that goes away when the same work is retried shortly after.</summary>
    /// <remarks>An engine that cannot open a connection throws its own <see cref="ResourceFailure"/> with the error inside.</remarks>
    public static bool Passes(Exception refusal) => refusal switch
    {
        ResourceFailure { InnerException: NpgsqlException inner } => Passes(inner),
        PostgresException said => Passes(said),
        NpgsqlException broken => broken.IsTransient,
        _ => false,
    };

    private static bool Passes(PostgresException said) => said.SqlState is var state
        && (IsConnection(state) || IsRace(said) || state is PostgresErrorCodes.CannotConnectNow
            or PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.SerializationFailure
            or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.ObjectInUse);

    /// <param name="doing">The attempted action with its object: <c>create database "shop"</c>.</param>
    /// <param name="refusal">The error.</param>
    public static ResourceFailure Of(string doing, NpgsqlException refusal) => refusal is PostgresException said
        ? new(KindOf(said.SqlState), $"Cannot {doing}: {said.MessageText} (SQLSTATE {said.SqlState}).", RemedyOf(said.SqlState), said)
        : new(FailureKind.Unavailable, $"Cannot {doing}: the connection to the server broke.", Reachable, refusal);

    public static FailureKind KindOf(string state) => state switch
    {
        _ when IsConnection(state) => FailureKind.Unavailable,
        PostgresErrorCodes.InvalidCatalogName or PostgresErrorCodes.UndefinedObject or PostgresErrorCodes.UndefinedFile
            or PostgresErrorCodes.InvalidSchemaName => FailureKind.Missing,
        PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.DuplicateObject or PostgresErrorCodes.UniqueViolation
            or PostgresErrorCodes.ObjectInUse or PostgresErrorCodes.DependentObjectsStillExist or PostgresErrorCodes.LockNotAvailable
            or PostgresErrorCodes.SerializationFailure or PostgresErrorCodes.DeadlockDetected => FailureKind.Conflict,
        PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidGrantOperation => FailureKind.Denied,
        PostgresErrorCodes.QueryCanceled => FailureKind.TimedOut,
        _ => state[..2] switch
        {
            "28" => FailureKind.Denied,
            "53" => FailureKind.Exhausted,
            "57" or "58" or "XX" => FailureKind.Unavailable,
            _ => FailureKind.Refused,
        },
    };

    private const string Reachable = "Check that the server runs and that this machine may reach it, then run again.";

    /// <summary>"Tuple concurrently updated": two sessions changed one row of a catalogue. Its SQLSTATE is that of every internal error.</summary>
    private static bool IsRace(PostgresException said) =>
        said.SqlState == PostgresErrorCodes.InternalError && said.Routine is "simple_heap_update" or "simple_heap_delete";

    private static bool IsConnection(string state) => state.StartsWith("08", StringComparison.Ordinal);

    private static string RemedyOf(string state) => state switch
    {
        PostgresErrorCodes.ObjectInUse => "Close the sessions that use it (pg_stat_activity shows them), then run again.",
        PostgresErrorCodes.UndefinedFile => "Install its files on the server's machine, or leave it out.",
        PostgresErrorCodes.InsufficientPrivilege => "Use an administrator that may do this, or do it by hand as one.",
        PostgresErrorCodes.DiskFull => "Make room on the server's disk, then run again.",
        PostgresErrorCodes.ObjectNotInPrerequisiteState => "Bring it into the state that the server asks for, then run again.",
        _ => KindOf(state) switch
        {
            FailureKind.Missing => "Create it first, or correct the name.",
            FailureKind.Conflict => "Wait until the other work is done, then run again.",
            FailureKind.Denied => "Check the administrator's credentials and rights.",
            FailureKind.Exhausted => "Close sessions, or raise the server's limit, then run again.",
            FailureKind.TimedOut => "See what the server is busy with (pg_stat_activity), then run again.",
            FailureKind.Unavailable => Reachable,
            _ => "Correct the value that the server names.",
        },
    };
}
