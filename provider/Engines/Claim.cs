namespace PgFleet.Engines;

/// <summary>Identifies the server that is meant, of all that had a name.</summary>
/// <param name="Identity">The identity recorded in the state; null if an earlier version recorded none.</param>
/// <param name="CreatedAt">The time of creation recorded in the state, in whole seconds; null if there is none.</param>
internal sealed record Claim(string? Identity, DateTimeOffset? CreatedAt = null)
{
    /// <summary>The warning when another server than the one that is meant has the name.</summary>
    public static string LeftAlone(string name) =>
        $"The server \"{name}\" was left alone: it is another one than the one that was to be deleted, which is gone already.";

    public bool Means(Server server) => Means(server.Identity, server.CreatedAt);

    public bool Means(string identity, DateTimeOffset createdAt) =>
        Identity is not null ? Identity == identity
        : CreatedAt is not { } moment || moment.ToUnixTimeSeconds() == createdAt.ToUnixTimeSeconds();
}
