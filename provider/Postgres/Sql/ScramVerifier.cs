using System.Security.Cryptography;
using System.Text;
using PgFleet.Security;

namespace PgFleet.Postgres.Sql;

/// <summary>Makes what PostgreSQL stores for a password: enough to verify a login, not enough to perform one (RFC 5802, RFC 7677).</summary>
internal static class ScramVerifier
{
    /// <summary>The prefix of every verifier.</summary>
    public const string Mechanism = "SCRAM-SHA-256";

    // PostgreSQL's own values (common/scram-common.h).
    private const int Iterations = 4096;
    private const int SaltLength = 16;

    /// <summary>Makes a verifier for a password that <see cref="PasswordPreparation"/> has prepared.</summary>
    public static Secret Make(Secret prepared) => Make(prepared, RandomNumberGenerator.GetBytes(SaltLength));

    public static Secret Make(Secret prepared, byte[] salt)
    {
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(prepared.Reveal()), salt, Iterations, HashAlgorithmName.SHA256, SHA256.HashSizeInBytes);
        var storedKey = SHA256.HashData(HMACSHA256.HashData(salted, "Client Key"u8));
        var serverKey = HMACSHA256.HashData(salted, "Server Key"u8);
        return $"{Mechanism}${Iterations}:{Convert.ToBase64String(salt)}${Convert.ToBase64String(storedKey)}:{Convert.ToBase64String(serverKey)}";
    }
}
