using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Engines;

/// <summary>An engine that keeps archives of its servers, from which <see cref="IServerEngine.CreateAsync"/> restores them.</summary>
internal interface IRecoverable
{
    /// <summary>The instants that a server can be restored to, as a new one.</summary>
    /// <param name="source">As in <see cref="RestoreOrigin.Source"/>.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <exception cref="ResourceFailure">There is no such server, or several are meant, or its archive does not read.</exception>
    Task<RecoveryWindow> GetWindowAsync(string source, CancellationToken cancel);

    /// <summary>Takes a base backup now, and waits for it.</summary>
    /// <returns>Its name.</returns>
    Task<string> BackUpAsync(string name, OperationContext work);

    /// <summary>The deleted servers whose archives are kept, by name and then the oldest first.</summary>
    Task<IReadOnlyList<DeletedServer>> ListDeletedAsync(CancellationToken cancel);

    /// <summary>What is kept of deleted servers and does not read, a sentence each.</summary>
    Task<IReadOnlyList<string>> ListDamagedAsync(CancellationToken cancel);

    /// <summary>Removes at once what is kept of a deleted server.</summary>
    /// <param name="deleted">Its name, or its identity where several bore the name.</param>
    /// <param name="work">The context of the operation.</param>
    /// <returns>Its identity.</returns>
    /// <exception cref="ResourceFailure">There is no such one, or several are meant.</exception>
    Task<string> PurgeAsync(string deleted, OperationContext work);
}
