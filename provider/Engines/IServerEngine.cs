using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Engines;

/// <summary>An engine that creates servers. Every operation converges: called again, it resumes where it stopped.</summary>
internal interface IServerEngine : IServerDirectory
{
    /// <inheritdoc cref="IServerDirectory.FindAsync"/>
    new Task<ManagedServer?> FindAsync(string name, CancellationToken cancel);

    /// <summary>
    /// Finds reasons why <see cref="CreateAsync"/> (<paramref name="prior"/> null) or <see cref="ApplyAsync"/> would fail. It only reads, and returns within 2
    /// s.
    /// </summary>
    Task<IReadOnlyList<Problem>> PreflightAsync(ManagedServer? prior, ServerSpec spec, CancellationToken cancel);

    /// <summary>
    /// Creates a server. A finished one of that name is a conflict; the creation of an unfinished one is resumed, with a new identity, by the resource that
    /// began it. Saves the partial state as soon as the server is recorded.
    /// </summary>
    Task<ManagedServer> CreateAsync(ServerSpec spec, OperationContext<ManagedServer> work);

    /// <summary>
    /// Updates a server to its spec. Its creation is completed if it was interrupted, and it is started if it is stopped. Returns once it is ready.
    /// </summary>
    /// <param name="spec">The desired state.</param>
    /// <param name="work">The operation.</param>
    /// <param name="claim">
    /// Which server is meant. An unfinished one is completed by its own state, or by the resource that began it. Null: any server of that name.
    /// </param>
    Task<ManagedServer> ApplyAsync(ServerSpec spec, OperationContext work, Claim? claim = null);

    /// <summary>
    /// Deletes the server and its data. Succeeds if it is gone already, and refuses if it is protected. Its archive is kept or deleted according to its spec,
    /// which is reported as a step.
    /// </summary>
    /// <param name="name">The name of the server.</param>
    /// <param name="work">The operation.</param>
    /// <param name="claim">Which server is meant: another one that now has the name is left alone, with a warning. Null: any server of that name.</param>
    Task DeleteAsync(string name, OperationContext work, Claim? claim = null);
}
