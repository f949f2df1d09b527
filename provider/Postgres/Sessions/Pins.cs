namespace PgFleet.Postgres.Sessions;

/// <summary>
/// Parameters set at the start of an administrator's session, so that it starts, stays open and logs nothing, regardless of what the server, the database or
/// the role has set.
/// </summary>
/// <remarks>Startup options override ALTER DATABASE, ALTER ROLE and postgresql.conf, and RESET returns to them.</remarks>
internal static class Pins
{
    private const int WithTransactionTimeout = 17;

    /// <summary>Parameters that any role may set, on every supported version.</summary>
    public static IReadOnlyDictionary<string, string> Everywhere { get; } = new Dictionary<string, string>
    {
        // Otherwise an unqualified name could resolve to a user's own function in a user's database. pg_temp is named because an unnamed
        // pg_temp, the session's temporary tables, would be searched first.
        ["search_path"] = "pg_catalog, pg_temp",
        ["role"] = "none",
        // A missing library would end every session during its start.
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
        // These change the meaning of a statement's text.
        ["standard_conforming_strings"] = "on",
        ["transform_null_equals"] = "off",
        ["array_nulls"] = "on",
        ["quote_all_identifiers"] = "off",
        ["plpgsql.check_asserts"] = "on",
        ["plpgsql.extra_errors"] = "none",
        ["plpgsql.extra_warnings"] = "none",
        // A statement may contain a password verifier, and these write statements to the log.
        ["debug_print_parse"] = "off",
        ["debug_print_rewritten"] = "off",
        ["debug_print_plan"] = "off",
        ["log_parameter_max_length_on_error"] = "0",
    };

    /// <summary>Parameters that any role may set where the version has them.</summary>
    public static IReadOnlyDictionary<string, string> Newer { get; } = new Dictionary<string, string> { ["transaction_timeout"] = "0" };

    /// <summary>Parameters that require a superuser, or a role that was granted the right to set them.</summary>
    public static IReadOnlyDictionary<string, string> Restricted { get; } = new Dictionary<string, string>
    {
        ["session_preload_libraries"] = "",
        ["session_replication_role"] = "origin",
        ["lc_messages"] = "C",
        ["plpgsql.variable_conflict"] = "error",
        // These keep the session's statements out of logs and statistics views.
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

    /// <summary>The names of all parameters that a superuser may set on a version.</summary>
    public static IEnumerable<string> OfSuperuser(int major) => major >= WithTransactionTimeout ? Restricted.Keys.Concat(Newer.Keys) : Restricted.Keys;

    /// <summary>The names to try where neither version nor rights are known.</summary>
    public static IEnumerable<string> Uncertain => Restricted.Keys.Concat(Newer.Keys);

    /// <summary>Formats the pinned parameters as startup options, in the syntax of the server's command line.</summary>
    /// <param name="more">Names of <see cref="Uncertain"/> that the session may set.</param>
    public static string Options(IEnumerable<string> more) =>
        string.Join(' ', Everywhere.Concat(more.Select(name => new KeyValuePair<string, string>(name, Restricted.GetValueOrDefault(name) ?? Newer[name])))
            .Select(pin => $"-c {pin.Key}={pin.Value.Replace(" ", @"\ ", StringComparison.Ordinal)}"));
}
