using System.Text;
using Npgsql;
using PgFleet.Postgres.Sessions;
using PgFleet.Security;

namespace PgFleet.Postgres.Sql;

/// <summary>Prepares a password the way clients do before hashing: SASLprep (RFC 4013) as in PostgreSQL's common/saslprep.c.</summary>
/// <remarks>
/// The server normalises, because this program carries no Unicode tables (InvariantGlobalization makes Normalize do nothing).
/// The prohibition tables of RFC 3454 are left out; for a prohibited character PostgreSQL hashes the password as it was typed. So a password
/// that has both such a character (a control character, or one newer than Unicode 3.2) and one that normalisation changes cannot log in.
/// </remarks>
internal static class PasswordPreparation
{
    public static async Task<Secret> PrepareAsync(Secret password, NpgsqlConnection admin, CancellationToken cancel)
    {
        if (Ascii.IsValid(password.Reveal()))
        {
            return password;
        }
        // Not qualified: this is syntax, and means pg_catalog's function.
        return await admin.ScalarAsync<string>("select pg_catalog.normalize($1, 'NFKC')", [Map(password.Reveal())], cancel);
    }

    private static string Map(string typed) =>
        string.Concat(typed.Where(letter => !IsMappedToNothing(letter)).Select(letter => IsOtherSpace(letter) ? ' ' : letter));

    /// <remarks>RFC 3454, table C.1.2. PostgreSQL includes U+200B here, and applies this table before table B.1.</remarks>
    private static bool IsOtherSpace(char letter) =>
        letter is '\u00A0' or '\u1680' or (>= '\u2000' and <= '\u200B') or '\u202F' or '\u205F' or '\u3000';

    /// <remarks>RFC 3454, table B.1.</remarks>
    private static bool IsMappedToNothing(char letter) =>
        letter is '\u00AD' or '\u034F' or '\u1806' or (>= '\u180B' and <= '\u180D') or '\u200C' or '\u200D' or '\u2060'
            or (>= '\uFE00' and <= '\uFE0F') or '\uFEFF';
}
