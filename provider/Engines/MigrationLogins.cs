using System.Security.Cryptography;
using PgFleet.Postgres.Sql;
using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>Migration logins on servers where an administrator can make a role that acts as another.</summary>
internal static class MigrationLogins
{
    private const int PasswordLength = 32;

    /// <param name="sessions">The administrator's.</param>
    /// <param name="request">For whom the login is.</param>
    /// <param name="cancel">Cancels the call.</param>
    public static async Task<MigrationLogin> LendAsync(Sessions sessions, MigrationRequest request, CancellationToken cancel)
    {
        var role = RoleOf(sessions, request);
        await role.DropAsync(cancel);
        var password = new Secret(RandomNumberGenerator.GetHexString(PasswordLength, lowercase: true));
        await role.EnsureAsync(ScramVerifier.Make(password), cancel);
        return new(request.Role, password, IsTemporary: true);
    }

    public static Task ReturnAsync(Sessions sessions, MigrationRequest request, CancellationToken cancel) => RoleOf(sessions, request).DropAsync(cancel);

    private static MigrationRole RoleOf(Sessions sessions, MigrationRequest request) => new(sessions, request.Role, request.Owner, request.Database);
}
