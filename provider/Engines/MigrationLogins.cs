using System.Security.Cryptography;
using PgFleet.Postgres.Sql;
using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>Migration logins on servers where the administrator can create a role that acts as another.</summary>
internal static class MigrationLogins
{
    private const int PasswordLength = 32;

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
