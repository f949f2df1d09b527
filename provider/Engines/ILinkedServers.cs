using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Engines;

/// <summary>Linked servers, which others run. The fleet records how to connect to them; linking and unlinking change nothing on the server.</summary>
internal interface ILinkedServers : IServerDirectory
{
    /// <summary>The record of a server, including the administrator's password; null when it is certainly not linked.</summary>
    ServerLink? FindLink(string name);

    /// <summary>
    /// Finds reasons why <see cref="LinkAsync"/> or <see cref="UpdateLinkAsync"/> would fail. What the server itself reports is only a warning,
    /// because another resource of the same run may correct it before the operation.
    /// </summary>
    Task<IReadOnlyList<Problem>> PreflightAsync(ServerLink link, bool isNew, CancellationToken cancel);

    /// <summary>Logs in to a server, then records it. Saves the partial state as soon as it is recorded.</summary>
    /// <exception cref="ResourceFailure">The name is taken, or the server does not meet the requirements; the text names the input to correct.</exception>
    Task<Server> LinkAsync(ServerLink link, OperationContext<Server> work);

    /// <summary>Updates a link, including its address, after having logged in; refuses another server.</summary>
    Task<Server> UpdateLinkAsync(ServerLink link, OperationContext work);

    /// <summary>Deletes the record of a server, which need not answer. Succeeds if there is none.</summary>
    /// <param name="name">The name of the server.</param>
    /// <param name="work">The operation.</param>
    /// <param name="identity">
    /// The identity of the link that is meant: another one that now has the name is left alone, with a warning. Null: any link of that name.
    /// </param>
    Task UnlinkAsync(string name, OperationContext work, string? identity = null);
}
