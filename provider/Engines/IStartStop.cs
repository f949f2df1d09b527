namespace PgFleet.Engines;

/// <summary>An engine whose servers can be stopped and started.</summary>
internal interface IStartStop
{
    /// <param name="name">The server's name.</param>
    /// <param name="byUser">A person wants it, who may have stopped it; else the machine does.</param>
    /// <param name="cancel">Cancels the call.</param>
    /// <returns>Whether it runs.</returns>
    Task<bool> StartAsync(string name, bool byUser, CancellationToken cancel);

    /// <param name="name">The server's name.</param>
    /// <param name="byUser">Nothing but a person, or a change of the instance, starts it again.</param>
    /// <param name="cancel">Cancels the call.</param>
    Task StopAsync(string name, bool byUser, CancellationToken cancel);
}
