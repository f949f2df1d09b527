using System.Text;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;

namespace PgFleet.Resources.Database;

/// <summary>Rules that involve several fields, or need code, but no server.</summary>
internal static class DatabaseRules
{
    /// <summary>NAMEDATALEN less the terminator: PostgreSQL truncates longer names with only a notice.</summary>
    private const int LongestName = 63;

    private static readonly string[] NotADefault = ["role", "session_authorization"];

    public static IEnumerable<Problem> Of(DatabaseArgs args) => [.. OfName(args), .. OfLocale(args), .. OfSettings(args)];

    private static IEnumerable<Problem> OfName(DatabaseArgs args)
    {
        if (args.Name.Length == 0 || args.Name.Contains('\0', StringComparison.Ordinal))
        {
            yield return new("name", $"\"{args.Name.Replace("\0", "\\0", StringComparison.Ordinal)}\" is not allowed: write 1 to {LongestName} bytes, none of them zero.");
        }

        if (Encoding.UTF8.GetByteCount(args.Name) is > LongestName and var length)
        {
            yield return new("name", $"\"{args.Name}\" is {length} bytes long in UTF-8: use at most {LongestName}.");
        }

        if (args.Name.StartsWith(Databases.WorkingPrefix, StringComparison.Ordinal))
        {
            yield return new("name", $"\"{args.Name}\" is not allowed: names that begin with \"{Databases.WorkingPrefix}\" are for databases that are being made.");
        }

        if (SystemDatabases.Is(args.Name))
        {
            yield return new("name", $"\"{args.Name}\" belongs to PostgreSQL itself, and is nobody's to manage: choose another name, or leave the resource out; nothing is dropped then.");
        }

        if (args.Connection is { } connection && !ConnectionUri.Is(connection))
        {
            yield return new("connection", $"is not a connection URI: write postgresql://user:password@host:port/database, or pass an instance's {Term.Property("connectionUri")}.");
        }
    }

    private static IEnumerable<Problem> OfLocale(DatabaseArgs args) =>
        from option in new (string, object?, string)[] { ("icuLocale", args.IcuLocale, "icu"), ("icuRules", args.IcuRules, "icu"), ("builtinLocale", args.BuiltinLocale, "builtin") }
        let name = option.Item1
        let provider = option.Item3
        where option.Item2 is not null && args.LocaleProvider != provider
        select new Problem(name, $"needs another {Term.Property("localeProvider")}: set {Term.Property("localeProvider")} to \"{provider}\", or leave {Term.Property(name)} out.");

    private static IEnumerable<Problem> OfSettings(DatabaseArgs args)
    {
        foreach (var name in args.Settings?.Keys ?? [])
        {
            if (NotADefault.Contains(name, StringComparer.OrdinalIgnoreCase) || name.StartsWith(Databases.OwnParameters, StringComparison.OrdinalIgnoreCase))
            {
                yield return new($"settings[\"{name}\"]", $"\"{name}\" is not for users to set on a database: leave it out.");
            }
        }
    }
}
