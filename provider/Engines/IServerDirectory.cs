namespace PgFleet.Engines;

/// <summary>The servers of an engine, whoever runs them. All that it tells is data.</summary>
internal interface IServerDirectory
{
    /// <summary>The fleet that this engine's servers belong to, as <c>random identity@place it was made at</c>; null where no server was ever made.</summary>
    Task<string?> FindIdentityAsync(CancellationToken cancel);

    /// <summary>By name.</summary>
    Task<IReadOnlyList<Server>> ListAsync(CancellationToken cancel);

    /// <summary>Whether there is a server of that name, by what is written down alone.</summary>
    bool Has(string name);

    /// <summary>The server, or null when it is certainly not there. Unreachable is a <see cref="Failures.ResourceFailure"/>, never null.</summary>
    Task<Server?> FindAsync(string name, CancellationToken cancel);

    /// <summary>The extensions whose files a server of this machine would find; null: that cannot be told.</summary>
    /// <param name="version">PostgreSQL's major version; null: the newest.</param>
    /// <param name="cancel">Cancels the call.</param>
    Task<IReadOnlySet<string>?> FindExtensionFilesAsync(string? version, CancellationToken cancel) => Task.FromResult<IReadOnlySet<string>?>(null);
}
