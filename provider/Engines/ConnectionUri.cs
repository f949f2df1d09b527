using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>PostgreSQL connection URIs in libpq's syntax: postgresql://user:password@host:port,host:port/database?parameter=value.</summary>
internal static class ConnectionUri
{
    private static readonly string[] Schemes = ["postgresql://", "postgres://"];

    public static bool Is(Secret text) => Schemes.Any(scheme => text.Reveal().StartsWith(scheme, StringComparison.Ordinal));

    /// <summary>Replaces the database in a URI; credentials and parameters stay.</summary>
    public static Secret WithDatabase(Secret connection, string database)
    {
        var uri = connection.Reveal();
        var authority = uri.IndexOf("://", StringComparison.Ordinal) + "://".Length;
        var path = IndexOrEnd(uri, "/?", authority);
        return $"{uri[..path]}/{Uri.EscapeDataString(database)}{uri[IndexOrEnd(uri, "?", path)..]}";
    }

    /// <summary>
    /// Builds a URI. It names no CA file, whose location differs between clients: they use their own, ~/.postgresql/root.crt. A null
    /// <paramref name="password"/> is left to the user.
    /// </summary>
    public static Secret Of(Server server, string user, Secret? password, string database)
    {
        var secret = password is null ? "" : $":{Uri.EscapeDataString(password.Reveal())}";
        var authority = server.Host.Contains(':', StringComparison.Ordinal) ? $"[{server.Host}]" : server.Host;
        return $"postgresql://{Uri.EscapeDataString(user)}{secret}@{authority}:{server.Port}/{Uri.EscapeDataString(database)}?sslmode={server.SslMode}";
    }

    /// <summary>Returns the password in a URI; null when it has none.</summary>
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
