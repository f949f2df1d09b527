using System.Collections.Immutable;
using System.Text;

namespace PgFleet.Histories.Places;

/// <summary>Everything that exists.</summary>
internal sealed record Sight(ImmutableSortedDictionary<string, SeenServer> Servers)
{
    public static Sight Of(IEnumerable<SeenServer> servers) => new(servers.ToImmutableSortedDictionary(server => server.Name, server => server, StringComparer.Ordinal));

    public IEnumerable<(SeenServer Server, SeenDatabase Database)> Databases =>
        Servers.Values.SelectMany(server => server.Databases.Values.Select(database => (server, database)));

    /// <summary>The identity of what has an id now; null: nothing.</summary>
    public string? IdentityOf(string id) => id.Split('/', 2) is [var server, var database]
        ? Servers.GetValueOrDefault(server)?.Databases.GetValueOrDefault(database)?.Identity
        : Servers.GetValueOrDefault(id) is { Finished: true } found ? found.Identity : null;

    /// <summary>A text for people, equal for equal content.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var server in Servers.Values)
        {
            text.AppendLine($"    {server.Name} {server.Identity[..8]} {(server.Finished ? "" : "unfinished ")}{(server.Protected ? "protected " : "")}{server.Urn}");
            foreach (var database in server.Databases.Values)
            {
                text.AppendLine($"        {database.Name} {database.Identity[^5..]}{(database.Unclaimed ? " unclaimed" : "")} [{string.Join(' ', database.Rows)}]");
            }
        }
        return text.ToString();
    }
}

/// <param name="Urn">The URN of its resource; null: unknown.</param>
/// <param name="Databases">The users' databases by name; none for an unfinished server.</param>
internal sealed record SeenServer(string Name, string Identity, string? Urn, bool Finished, bool Protected, ImmutableSortedDictionary<string, SeenDatabase> Databases);

/// <param name="Unclaimed">True if it came with a restore and was not taken over.</param>
internal sealed record SeenDatabase(string Name, string Identity, bool Unclaimed, ImmutableSortedSet<string> Rows);
