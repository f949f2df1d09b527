using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Engines;

/// <summary>Servers that somebody else runs. A fleet knows how to reach them; to link and to unlink one changes nothing on it.</summary>
internal interface ILinkedServers : IServerDirectory
{
    /// <summary>What is recorded of a server, the administrator's password too; null when it is certainly not linked.</summary>
    ServerLink? FindLink(string name);

    /// <summary>
    /// What would keep <see cref="LinkAsync"/> or <see cref="UpdateLinkAsync"/> from succeeding. What another resource of the same run may
    /// mend until then, which is all that the server says, is a warning.
    /// </summary>
    Task<IReadOnlyList<Problem>> PreflightAsync(ServerLink link, bool isNew, CancellationToken cancel);

    /// <summary>Records a server after having logged in to it. Keeps it as soon as it is recorded.</summary>
    /// <exception cref="ResourceFailure">The name is taken, or the server does not do; the text names the input to correct.</exception>
    Task<Server> LinkAsync(ServerLink link, OperationContext<Server> work);

    /// <summary>The same for a server that is linked, by whatever address it has now; another server is refused.</summary>
    Task<Server> UpdateLinkAsync(ServerLink link, OperationContext work);

    /// <summary>Forgets a server, which need not answer. What is forgotten already is no failure.</summary>
    /// <param name="identity">Of the link that is meant: another one that bears the name now is left alone, with a warning. Null: whichever it is.</param>
    Task UnlinkAsync(string name, OperationContext work, string? identity = null);
}
