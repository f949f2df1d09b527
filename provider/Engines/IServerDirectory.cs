namespace PgFleet.Engines;

/// <summary>The servers of an engine, managed or linked, as data.</summary>
internal interface IServerDirectory
{
    /// <summary>The identity of the engine's fleet, as <c>random identity@place of its creation</c>; null if no server was ever created.</summary>
    Task<string?> FindIdentityAsync(CancellationToken cancel);

    /// <summary>All servers, ordered by name.</summary>
    Task<IReadOnlyList<Server>> ListAsync(CancellationToken cancel);

    /// <summary>True if there is a record of a server of that name.</summary>
    bool Has(string name);

    /// <summary>
    /// Finds a server; null when it certainly does not exist. If that cannot be determined, it throws a <see cref="Failures.ResourceFailure"/>.
    /// </summary>
    Task<Server?> FindAsync(string name, CancellationToken cancel);

    /// <summary>The extensions whose files a server on this machine would find; null when that is not known.</summary>
    /// <param name="version">PostgreSQL's major version; null: the newest installed.</param>
    /// <param name="cancel">Cancels the operation.</param>
    Task<IReadOnlySet<string>?> FindExtensionFilesAsync(string? version, CancellationToken cancel) => Task.FromResult<IReadOnlySet<string>?>(null);
}
