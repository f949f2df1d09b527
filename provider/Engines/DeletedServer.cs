namespace PgFleet.Engines;

/// <summary>A server that was deleted, and whose archive is kept: it can be restored as if it were stopped.</summary>
/// <param name="Name">That it bore. Another may bear it by now.</param>
/// <param name="Identity">What tells it from every other of that name, such as <c>main@0f8fad5b</c>.</param>
/// <param name="KeptUntil">The fleet's next work after that removes what is kept.</param>
internal sealed record DeletedServer(
    string Name, string Identity, string Username, string Version, DateTimeOffset CreatedAt, DateTimeOffset DeletedAt, DateTimeOffset KeptUntil);
