namespace PgFleet.Engines;

/// <summary>What an administrator's session starts with, whatever the server's and the database's own settings say.</summary>
internal static class AdminSession
{
    /// <summary>
    /// Anybody may set these. The search path is empty, because in a database of the user's an unqualified name could lead the
    /// administrator to a function of the user's making.
    /// </summary>
    public const string Bounds =
        "-c search_path= -c default_transaction_read_only=off -c statement_timeout=0 -c lock_timeout=0 -c idle_session_timeout=0 "
        + "-c log_parameter_max_length_on_error=0 -c role=none";

    /// <summary>
    /// With these nothing of what a session says is written to a log or shown to others: it may hold a password's verifier. To set them
    /// takes a superuser, or one who was granted it.
    /// </summary>
    public static readonly IReadOnlyDictionary<string, string> Silence = new Dictionary<string, string>
    {
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

    /// <param name="silence">The names of <see cref="Silence"/> that the administrator may set.</param>
    /// <returns>Options as the server's command line takes them.</returns>
    public static string Options(IEnumerable<string> silence) => string.Join(' ', silence.Select(name => $"-c {name}={Silence[name]}").Append(Bounds));
}
