using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>Logins for an application's migrations.</summary>
internal interface IMigrationAccess
{
    /// <summary>Lends a login that acts as the owner of a database. What an earlier loan of the same role left behind is removed first.</summary>
    /// <exception cref="Failures.ResourceFailure">There is no such server, or the owner is none that another role can act as.</exception>
    Task<MigrationLogin> LendAsync(MigrationRequest request, CancellationToken cancel);

    /// <summary>Takes the login back. What was not lent, or in part, is no failure.</summary>
    Task ReturnAsync(MigrationRequest request, CancellationToken cancel);
}

/// <summary>For whom a login is lent.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Database">The database's name.</param>
/// <param name="Owner">The role that owns the database.</param>
/// <param name="Role">The name for a role that is made for the loan.</param>
internal sealed record MigrationRequest(string Server, string Database, string Owner, string Role);

/// <summary>A login that is lent.</summary>
/// <param name="Username">The role.</param>
/// <param name="Password">The role's password.</param>
/// <param name="IsTemporary">Whether a role was made for it; else it is the administrator's own.</param>
internal sealed record MigrationLogin(string Username, Secret Password, bool IsTemporary);
