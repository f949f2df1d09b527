namespace PgFleet.Engines;

/// <summary>libpq's connection URIs (PostgreSQL documentation, "Connection URIs").</summary>
internal static class ConnectionUri
{
    // A server always offers TLS, and its authority is nobody's root: require encrypts without asking for a file that the client may lack.
    private const string Options = "?sslmode=require";

    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    public static bool Is(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.Ordinal));

    /// <param name="password">Null: the URI carries none, and the client is to bring its own.</param>
    public static string Of(string username, string? password, string host, int port, string database)
    {
        var secret = password is null ? "" : $":{Uri.EscapeDataString(password)}";
        var authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return $"postgresql://{Uri.EscapeDataString(username)}{secret}@{authority}:{port}/{Uri.EscapeDataString(database)}{Options}";
    }

    /// <summary>The same URI, credentials and parameters included, that leads to another database.</summary>
    public static string WithDatabase(string uri, string database)
    {
        var authority = uri.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var path = IndexOrEnd(uri, "/?", authority);
        return $"{uri[..path]}/{Uri.EscapeDataString(database)}{uri[IndexOrEnd(uri, "?", path)..]}";
    }

    private static int IndexOrEnd(string text, string ends, int from) =>
        text.AsSpan(from).IndexOfAny(ends) is >= 0 and var index ? from + index : text.Length;
}
