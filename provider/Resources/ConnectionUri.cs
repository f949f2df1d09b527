namespace PgFleet.Resources;

/// <summary>PostgreSQL connection URIs, as libpq reads them: postgresql://user:password@host:port,host:port/database?parameter=value.</summary>
internal static class ConnectionUri
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    public static bool Is(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.Ordinal));

    /// <summary>The same URI, credentials and parameters included, that leads to another database.</summary>
    public static string WithDatabase(string uri, string database)
    {
        var authority = uri.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var path = IndexOrEnd(uri, "/?", authority);
        return $"{uri[..path]}/{Uri.EscapeDataString(database)}{uri[IndexOrEnd(uri, "?", path)..]}";
    }

    /// <summary>A server always offers TLS, but its authority is nobody's root: "require" encrypts without asking for a file that the client may lack.</summary>
    /// <param name="password">Null: the user brings it along.</param>
    public static string Of(string user, string? password, string host, int port, string database)
    {
        var secret = password is null ? "" : $":{Uri.EscapeDataString(password)}";
        var authority = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        return $"postgresql://{Uri.EscapeDataString(user)}{secret}@{authority}:{port}/{Uri.EscapeDataString(database)}?sslmode=require";
    }

    /// <summary>The password in it; null when it has none.</summary>
    public static string? PasswordOf(string uri)
    {
        var authority = uri.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var credentials = uri[authority..IndexOrEnd(uri, "/?", authority)];
        return credentials.LastIndexOf('@') is > 0 and var end && credentials[..end].Split(':', 2) is [_, var password] ? Uri.UnescapeDataString(password) : null;
    }

    private static int IndexOrEnd(string text, string ends, int from) =>
        text.AsSpan(from).IndexOfAny(ends) is >= 0 and var index ? from + index : text.Length;
}
