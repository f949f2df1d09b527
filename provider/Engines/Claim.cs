namespace PgFleet.Engines;

/// <summary>Which one is meant, of all the servers that bore a name.</summary>
/// <param name="Identity">As a state recorded it; null: an earlier version recorded none.</param>
/// <param name="CreatedAt">As a state recorded it, in whole seconds; null: it did not.</param>
internal sealed record Claim(string? Identity, DateTimeOffset? CreatedAt = null)
{
    /// <summary>What is warned of when another server than the one that is meant has the name.</summary>
    public static string LeftAlone(string name) =>
        $"The server \"{name}\" was left alone: it is another one than the one that was to be deleted, which is gone already.";

    public bool Means(Server server) => Means(server.Identity, server.CreatedAt);

    public bool Means(string identity, DateTimeOffset createdAt) =>
        Identity is not null ? Identity == identity
        : CreatedAt is not { } moment || moment.ToUnixTimeSeconds() == createdAt.ToUnixTimeSeconds();
}
