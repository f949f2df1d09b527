namespace PgFleet.Engines;

/// <summary>An engine whose servers can be stopped and started.</summary>
internal interface IStartStop
{
    /// <summary>Starts a server. False <paramref name="byUser"/>, at the machine's start, leaves one stopped that a person stopped.</summary>
    /// <returns>True if it runs.</returns>
    Task<bool> StartAsync(string name, bool byUser, CancellationToken cancel);

    /// <summary>Stops a server. If <paramref name="byUser"/>, only a person, or a change of the instance, starts it again.</summary>
    Task StopAsync(string name, bool byUser, CancellationToken cancel);
}
