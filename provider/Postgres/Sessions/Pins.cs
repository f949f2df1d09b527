namespace PgFleet.Postgres.Sessions;

/// <summary>Parameters that an administrator's session is begun with, so that it begins, stays and is silent whatever the server, the database or the role has set.</summary>
/// <remarks>What is given at the start of a session outranks ALTER DATABASE, ALTER ROLE and postgresql.conf, and RESET goes back to it.</remarks>
internal static class Pins
{
    private const int WithTransactionTimeout = 17;

    /// <summary>Anybody may set these, on every version that is supported.</summary>
    public static IReadOnlyDictionary<string, string> Everywhere { get; } = new Dictionary<string, string>
    {
        // In a database of the user's an unqualified name could lead the administrator to a function of the user's making. What is not
        // named here, the session's own temporary tables, would come first.
        ["search_path"] = "pg_catalog, pg_temp",
        ["role"] = "none",
        // A library that is not there ends every session before it has begun.
        ["local_preload_libraries"] = "",
        ["statement_timeout"] = "0",
        ["lock_timeout"] = "0",
        ["idle_in_transaction_session_timeout"] = "0",
        ["idle_session_timeout"] = "0",
        ["client_connection_check_interval"] = "0",
        ["exit_on_error"] = "off",
        ["default_transaction_read_only"] = "off",
        ["default_transaction_isolation"] = "read committed",
        ["default_transaction_deferrable"] = "off",
        ["default_tablespace"] = "",
        ["temp_tablespaces"] = "",
        ["default_table_access_method"] = "heap",
        ["row_security"] = "on",
        ["check_function_bodies"] = "on",
        // What the text of a statement means.
        ["standard_conforming_strings"] = "on",
        ["transform_null_equals"] = "off",
        ["array_nulls"] = "on",
        ["quote_all_identifiers"] = "off",
        ["plpgsql.check_asserts"] = "on",
        ["plpgsql.extra_errors"] = "none",
        ["plpgsql.extra_warnings"] = "none",
        // A statement may hold a password's verifier, and these write it to the log.
        ["debug_print_parse"] = "off",
        ["debug_print_rewritten"] = "off",
        ["debug_print_plan"] = "off",
        ["log_parameter_max_length_on_error"] = "0",
    };

    /// <summary>Anybody may set these where the version knows them.</summary>
    public static IReadOnlyDictionary<string, string> Newer { get; } = new Dictionary<string, string> { ["transaction_timeout"] = "0" };

    /// <summary>To set these takes a superuser, or one who was granted it.</summary>
    public static IReadOnlyDictionary<string, string> Restricted { get; } = new Dictionary<string, string>
    {
        ["session_preload_libraries"] = "",
        ["session_replication_role"] = "origin",
        ["lc_messages"] = "C",
        ["plpgsql.variable_conflict"] = "error",
        // With these nothing of what a session says is written to a log or shown to others.
        ["log_statement"] = "none",
        ["log_min_duration_statement"] = "-1",
        ["log_min_duration_sample"] = "-1",
        ["log_transaction_sample_rate"] = "0",
        ["log_duration"] = "off",
        ["log_min_error_statement"] = "panic",
        ["log_parameter_max_length"] = "0",
        ["track_activities"] = "off",
        ["pg_stat_statements.track"] = "none",
        ["auto_explain.log_min_duration"] = "-1",
    };

    /// <summary>The names of all that a superuser may set on that version.</summary>
    public static IEnumerable<string> OfSuperuser(int major) => major >= WithTransactionTimeout ? Restricted.Keys.Concat(Newer.Keys) : Restricted.Keys;

    /// <summary>The names that are to be asked for, where neither version nor rights are known.</summary>
    public static IEnumerable<string> Uncertain => Restricted.Keys.Concat(Newer.Keys);

    /// <summary>Options as the server's command line takes them.</summary>
    /// <param name="more">Names of <see cref="Uncertain"/> that the session may set.</param>
    public static string Options(IEnumerable<string> more) =>
        string.Join(' ', Everywhere.Concat(more.Select(name => new KeyValuePair<string, string>(name, Restricted.GetValueOrDefault(name) ?? Newer[name])))
            .Select(pin => $"-c {pin.Key}={pin.Value.Replace(" ", @"\ ", StringComparison.Ordinal)}"));
}
