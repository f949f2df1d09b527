using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>Logins for an application's migrations.</summary>
internal interface IMigrationAccess
{
    /// <summary>Creates a temporary login that acts as the owner of a database. What an earlier one of the same role left behind is removed first.</summary>
    /// <exception cref="Failures.ResourceFailure">There is no such server, or no other role can act as the owner.</exception>
    Task<MigrationLogin> LendAsync(MigrationRequest request, CancellationToken cancel);

    /// <summary>Removes the login. Succeeds if there is none, or only a part of one.</summary>
    Task ReturnAsync(MigrationRequest request, CancellationToken cancel);
}

/// <summary>Describes the login to create.</summary>
/// <param name="Server">The server's name.</param>
/// <param name="Database">The database.</param>
/// <param name="Owner">The role that owns the database.</param>
/// <param name="Role">The name of the temporary role.</param>
internal sealed record MigrationRequest(string Server, string Database, string Owner, string Role);

/// <summary>A login for migrations. <paramref name="IsTemporary"/> is false if it is the administrator's own.</summary>
internal sealed record MigrationLogin(string Username, Secret Password, bool IsTemporary);
