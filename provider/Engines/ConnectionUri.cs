namespace PgFleet.Engines;

/// <summary>libpq's connection URIs (PostgreSQL documentation, "Connection URIs").</summary>
internal static class ConnectionUri
{
    // A server always offers TLS, and its authority is nobody's root: require encrypts without asking for a file that the client may lack.
    private const string Options = "?sslmode=require";

    /// <param name="password">Null: the URI carries none, and the client is to bring its own.</param>
    public static string Of(string username, string? password, string host, int port, string database)
    {
        var secret = password is null ? "" : $":{Uri.EscapeDataString(password)}";
        var authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return $"postgresql://{Uri.EscapeDataString(username)}{secret}@{authority}:{port}/{Uri.EscapeDataString(database)}{Options}";
    }
}
