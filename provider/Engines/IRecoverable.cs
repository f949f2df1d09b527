using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Engines;

/// <summary>An engine that keeps archives of its servers, from which <see cref="IServerEngine.CreateAsync"/> restores them.</summary>
internal interface IRecoverable
{
    /// <summary>The instants that a server can be restored to, as a new server.</summary>
    /// <param name="source">The source, as in <see cref="RestoreOrigin.Source"/>.</param>
    /// <param name="cancel">Cancels the operation.</param>
    /// <exception cref="ResourceFailure">There is no such server, the name is ambiguous, or its archive cannot be read.</exception>
    Task<RecoveryWindow> GetWindowAsync(string source, CancellationToken cancel);

    /// <summary>Takes a base backup, and waits for it.</summary>
    /// <returns>The backup's name.</returns>
    Task<string> BackUpAsync(string name, OperationContext work);

    /// <summary>The deleted servers whose archives are kept, by name, then the oldest first.</summary>
    Task<IReadOnlyList<DeletedServer>> ListDeletedAsync(CancellationToken cancel);

    /// <summary>The kept archives that cannot be read, as a sentence each.</summary>
    Task<IReadOnlyList<string>> ListDamagedAsync(CancellationToken cancel);

    /// <summary>Deletes the kept archive of a deleted server at once.</summary>
    /// <param name="deleted">The server's name, or its identity if several had the name.</param>
    /// <param name="work">The operation.</param>
    /// <returns>The server's identity.</returns>
    /// <exception cref="ResourceFailure">There is no such server, or the name is ambiguous.</exception>
    Task<string> PurgeAsync(string deleted, OperationContext work);
}
