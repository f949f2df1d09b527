namespace PgFleet.Engines;

/// <summary>A deleted server whose archive is kept: it can be restored like a stopped one.</summary>
/// <param name="Name">Its name, which may have been reused.</param>
/// <param name="Identity">Distinguishes it from others of that name, such as <c>main@0f8fad5b</c>.</param>
/// <param name="Username">The login role.</param>
/// <param name="Version">PostgreSQL's full version.</param>
/// <param name="CreatedAt">When it was created.</param>
/// <param name="DeletedAt">When it was deleted.</param>
/// <param name="KeptUntil">The end of the retention; the fleet's next operation after that deletes the archive.</param>
internal sealed record DeletedServer(
    string Name, string Identity, string Username, string Version, DateTimeOffset CreatedAt, DateTimeOffset DeletedAt, DateTimeOffset KeptUntil);
