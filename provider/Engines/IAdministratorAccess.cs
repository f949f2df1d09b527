using PgFleet.Postgres.Sessions;

namespace PgFleet.Engines;

/// <summary>Opens administrators' sessions. It is the one capability that is more than data: only the engine knows how a session reaches a server.</summary>
internal interface IAdministratorAccess
{
    /// <summary>
    /// Opens an administrator's connection to a database of a server. A managed server that is stopped is started first, unless a person stopped it.
    /// </summary>
    /// <exception cref="Failures.ResourceFailure">There is no such server, or it rejects the administrator.</exception>
    Task<Admin> OpenAsync(string name, string database, CancellationToken cancel);
}
