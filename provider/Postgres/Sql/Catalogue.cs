using System.Collections.Immutable;
using Npgsql;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>Queries a server's databases. The query takes no lock that another session waits for.</summary>
internal static class Catalogue
{
    /// <summary>
    /// A setting that marks a restored database. Every database of the server can read it, like all of pg_db_role_setting; see
    /// <see cref="Databases.MarkAllRestoredAsync"/>.
    /// </summary>
    public const string UnclaimedMark = Databases.OwnParameters + "unclaimed";

    public static async Task<FoundDatabase?> FindAsync(NpgsqlConnection connection, string name, CancellationToken cancel) =>
        (await connection.ListAsync(Query(connection.PostgreSqlVersion.Major, "where d.datname = $1"), [name], Read, cancel)).SingleOrDefault();

    public static Task<List<FoundDatabase>> ListAsync(NpgsqlConnection connection, CancellationToken cancel) =>
        connection.ListAsync(Query(connection.PostgreSqlVersion.Major, "order by d.datname"), [], Read, cancel);

    // The locale columns were added in 15, 16 and 17, and 17 renamed one.
    private static string Query(int version, string which) => $"""
        select d.oid, {RawText.Sql("d.datname")}, {RawText.Sql("pg_catalog.pg_get_userbyid(d.datdba)")}, pg_catalog.pg_encoding_to_char(d.encoding)::text,
            {(version >= 15 ? "d.datlocprovider::text" : "'c'")}, d.datcollate::text, d.datctype::text,
            {(version >= 17 ? "d.datlocale" : version >= 15 ? "d.daticulocale" : "null")}::text,
            {(version >= 16 ? "d.daticurules" : "null")}::text,
            d.datistemplate, d.datallowconn, d.datconnlimit, array(select {RawText.Sql("setting")} from pg_catalog.unnest(s.setconfig) setting)
        from pg_database d left join pg_db_role_setting s on s.setdatabase = d.oid and s.setrole = 0
        {which}
        """;

    private static FoundDatabase Read(NpgsqlDataReader row)
    {
        var settings = row.GetFieldValue<string[]>(12)
            .Select(setting => RawText.Read(setting).Text.Split('=', 2))
            .ToImmutableSortedDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase); // the server writes timezone as TimeZone
        var (name, limit) = (RawText.Read(row.GetString(1)), row.GetInt32(11));
        return new()
        {
            Oid = row.GetFieldValue<uint>(0),
            Spec = WithLocale(row, new()
            {
                Name = name.Text,
                Owner = RawText.Read(row.GetString(2)).Text,
                Encoding = row.GetString(3),
                AllowConnections = row.GetBoolean(10),
                ConnectionLimit = limit,
                Settings = settings.Remove(UnclaimedMark),
            }),
            HasName = name.Reads,
            IsTemplate = row.GetBoolean(9),
            HalfDropped = limit == -2,
            Unclaimed = settings.ContainsKey(UnclaimedMark),
        };
    }

    private static DatabaseSpec WithLocale(NpgsqlDataReader row, DatabaseSpec spec)
    {
        var (collate, ctype, other) = (row.GetString(5), row.GetString(6), row.IsDBNull(7) ? null : row.GetString(7));
        spec = spec with { LcCollate = collate, LcCtype = ctype, IcuRules = row.IsDBNull(8) ? null : row.GetString(8) };
        return row.GetString(4) switch
        {
            "i" => spec with { LocaleProvider = "icu", Locale = other, IcuLocale = other },
            "b" => spec with { LocaleProvider = "builtin", Locale = other, BuiltinLocale = other },
            _ => spec with { LocaleProvider = "libc", Locale = collate == ctype ? collate : null },
        };
    }
}
