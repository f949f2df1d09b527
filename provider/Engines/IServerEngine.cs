using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Engines;

/// <summary>An engine that makes servers. Every operation converges: called again, it goes on from where it stopped.</summary>
internal interface IServerEngine : IServerDirectory
{
    /// <inheritdoc cref="IServerDirectory.FindAsync"/>
    new Task<ManagedServer?> FindAsync(string name, CancellationToken cancel);

    /// <summary>What would keep <see cref="CreateAsync"/> (<paramref name="prior"/> null) or <see cref="ApplyAsync"/> from succeeding. Touches nothing, and answers within 2 s.</summary>
    Task<IReadOnlyList<Problem>> PreflightAsync(ManagedServer? prior, ServerSpec spec, CancellationToken cancel);

    /// <summary>Makes a server. A finished one of that name is a conflict; an unfinished one is taken up, with a new identity, by the resource that began it. Saves the server as soon as it is recorded.</summary>
    Task<ManagedServer> CreateAsync(ServerSpec spec, OperationContext<ManagedServer> work);

    /// <summary>Makes an existing server what the spec says, finished and started if it was not, and returns when it has settled.</summary>
    /// <param name="spec">What the server shall be.</param>
    /// <param name="work">The context of the operation.</param>
    /// <param name="claim">Which server is meant: an unfinished one is finished by its own state, or by the resource that began it. Null: any of that name.</param>
    Task<ManagedServer> ApplyAsync(ServerSpec spec, OperationContext work, Claim? claim = null);

    /// <summary>Removes the server and its data. What is gone already is no failure; what is protected is not removed. Its archive goes or stays as its spec says; the work is told which.</summary>
    /// <param name="name">The server's name.</param>
    /// <param name="work">The context of the operation.</param>
    /// <param name="claim">Which server is meant: another one that bears the name now is left alone, with a warning. Null: any of that name.</param>
    Task DeleteAsync(string name, OperationContext work, Claim? claim = null);
}
