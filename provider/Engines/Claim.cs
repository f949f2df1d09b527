namespace PgFleet.Engines;

/// <summary>Which one is meant, of all the servers that bore a name.</summary>
/// <param name="Identity">As a state recorded it; null: an earlier version recorded none.</param>
/// <param name="CreatedAt">As a state recorded it, in whole seconds; null: it did not.</param>
internal sealed record Claim(string? Identity, DateTimeOffset? CreatedAt = null)
{
    public bool Means(Server server) => Means(server.Identity, server.CreatedAt);

    public bool Means(string identity, DateTimeOffset createdAt) =>
        Identity is not null ? Identity == identity
        : CreatedAt is not { } moment || moment.ToUnixTimeSeconds() == createdAt.ToUnixTimeSeconds();
}
