using System.Security.Cryptography;
using System.Text;
using PgFleet.Security;

namespace PgFleet.Postgres.Sql;

/// <summary>What PostgreSQL keeps of a password: enough to judge a login, not enough to make one (RFC 5802, RFC 7677).</summary>
internal static class ScramVerifier
{
    /// <summary>How each begins.</summary>
    public const string Mechanism = "SCRAM-SHA-256";

    // As PostgreSQL makes them itself (common/scram-common.h).
    private const int Iterations = 4096;
    private const int SaltLength = 16;

    /// <param name="prepared">The password as <see cref="PasswordPreparation"/> leaves it.</param>
    public static Secret Make(Secret prepared) => Make(prepared, RandomNumberGenerator.GetBytes(SaltLength));

    public static Secret Make(Secret prepared, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(prepared.Reveal()), salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"{Mechanism}${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
