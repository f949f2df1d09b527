using PgFleet.Postgres.Sessions;

namespace PgFleet.Engines;

/// <summary>The one capability of an engine that is more than data: how an administrator's session reaches a server is the engine's to know.</summary>
internal interface IAdministratorAccess
{
    /// <summary>An administrator's connection to one database of a server; a server found stopped is started, if it is the fleet's and no person stopped it.</summary>
    /// <exception cref="Failures.ResourceFailure">There is no such server, or it lets the administrator not in.</exception>
    Task<Admin> OpenAsync(string name, string database, CancellationToken cancel);
}
