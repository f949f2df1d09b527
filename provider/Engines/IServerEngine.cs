using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Progress;

namespace PgFleet.Engines;

/// <summary>Servers that exist, whoever made them.</summary>
internal interface IServerDirectory
{
    /// <summary>The fleet that this engine's servers belong to, as <c>random identity@place it was made at</c>; null where no server was ever made.</summary>
    Task<string?> FindIdentityAsync(CancellationToken cancel);

    IAsyncEnumerable<Server> ListAsync(CancellationToken cancel);

    /// <summary>Whether there is a server of that name, by what is written down alone.</summary>
    bool Has(string name);

    /// <summary>The server, or null when it is certainly not there. Unreachable is a <see cref="ResourceFailure"/>, never null.</summary>
    Task<Server?> FindAsync(string name, CancellationToken cancel);

    /// <summary>The extensions whose files a server of this machine would find; null: that cannot be told.</summary>
    /// <param name="version">PostgreSQL's major version; null: the newest.</param>
    Task<IReadOnlySet<string>?> FindExtensionFilesAsync(string? version, CancellationToken cancel) => Task.FromResult<IReadOnlySet<string>?>(null);

    /// <summary>An administrator's connection to one database of a server; a server found stopped is started, if it is the fleet's and no person stopped it.</summary>
    Task<Admin> OpenAsync(string name, string database, CancellationToken cancel);
}

/// <summary>An engine that makes servers. Every verb converges: called again, it goes on from where it stopped.</summary>
internal interface IServerEngine : IServerDirectory
{
    /// <inheritdoc cref="IServerDirectory.FindAsync"/>
    new Task<ManagedServer?> FindAsync(string name, CancellationToken cancel);

    /// <summary>What would keep <see cref="CreateAsync"/> (<paramref name="prior"/> null) or <see cref="ApplyAsync"/> from succeeding. Looks, touches nothing, answers within 2 s.</summary>
    IAsyncEnumerable<Problem> PreflightAsync(ManagedServer? prior, ServerSpec spec, CancellationToken cancel);

    /// <summary>Makes a server. A finished one of that name is a conflict; an unfinished one is taken up, with a new identity, by whoever began it. Keeps the server as soon as it is recorded.</summary>
    Task<ManagedServer> CreateAsync(ServerSpec spec, OperationContext<ManagedServer> work);

    /// <summary>Makes an existing server what the spec says, finished and started if it was not, and returns when it has settled.</summary>
    /// <param name="claim">Which server is meant: an unfinished one is finished by its own state, or by whoever began it. Null: whichever it is.</param>
    Task<ManagedServer> ApplyAsync(ServerSpec spec, OperationContext work, Claim? claim = null);

    /// <summary>The instants that a server can be restored to, as a new one.</summary>
    /// <param name="source">As in <see cref="RestoreOrigin.Source"/>.</param>
    /// <exception cref="ResourceFailure">There is no such server, or several are meant, or its archive does not read.</exception>
    Task<RecoveryWindow> GetWindowAsync(string source, CancellationToken cancel);

    /// <summary>Removes the server and its data. What is gone already is no failure; what is protected is not removed. Its archive goes or stays as its spec says; the work is told which.</summary>
    /// <param name="claim">Which server is meant: another one that bears the name now is left alone, with a warning. Null: whichever it is.</param>
    Task DeleteAsync(string name, OperationContext work, Claim? claim = null);

    /// <summary>The deleted servers whose archives are kept, by name and then the oldest first.</summary>
    IAsyncEnumerable<DeletedServer> ListDeletedAsync(CancellationToken cancel);

    /// <summary>What is kept of deleted servers and does not read, a sentence each.</summary>
    IAsyncEnumerable<string> ListDamagedAsync(CancellationToken cancel);

    /// <summary>Removes at once what is kept of a deleted server.</summary>
    /// <param name="deleted">Its name, or its identity where several bore the name.</param>
    /// <returns>Its identity.</returns>
    /// <exception cref="ResourceFailure">There is no such one, or several are meant.</exception>
    Task<string> PurgeAsync(string deleted, OperationContext work);
}
