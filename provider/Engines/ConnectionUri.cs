using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>PostgreSQL connection URIs, as libpq reads them: postgresql://user:password@host:port,host:port/database?parameter=value.</summary>
internal static class ConnectionUri
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    public static bool Is(Secret text) => Schemes.Any(scheme => text.Reveal().StartsWith(scheme, StringComparison.Ordinal));

    /// <summary>The same URI, credentials and parameters included, that leads to another database.</summary>
    public static Secret WithDatabase(Secret connection, string database)
    {
        var uri = connection.Reveal();
        var authority = uri.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var path = IndexOrEnd(uri, "/?", authority);
        return $"{uri[..path]}/{Uri.EscapeDataString(database)}{uri[IndexOrEnd(uri, "?", path)..]}";
    }

    /// <summary>Names no file with the server's authority, since nobody knows where a client keeps it: it uses its own, ~/.postgresql/root.crt.</summary>
    /// <param name="password">Null: the user brings it along.</param>
    public static Secret Of(Server server, string user, Secret? password, string database)
    {
        var secret = password is null ? "" : $":{Uri.EscapeDataString(password.Reveal())}";
        var authority = server.Host.Contains(':', StringComparison.Ordinal) ? $"[{server.Host}]" : server.Host;
        return $"postgresql://{Uri.EscapeDataString(user)}{secret}@{authority}:{server.Port}/{Uri.EscapeDataString(database)}?sslmode={server.SslMode}";
    }

    /// <summary>The password in it; null when it has none.</summary>
    public static Secret? PasswordOf(Secret connection)
    {
        var uri = connection.Reveal();
        var authority = uri.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var credentials = uri[authority..IndexOrEnd(uri, "/?", authority)];
        return credentials.LastIndexOf('@') is > 0 and var end && credentials[..end].Split(':', 2) is [_, var password] ? Uri.UnescapeDataString(password) : null;
    }

    private static int IndexOrEnd(string text, string ends, int from) =>
        text.AsSpan(from).IndexOfAny(ends) is >= 0 and var index ? from + index : text.Length;
}
