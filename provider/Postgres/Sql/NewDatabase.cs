using Npgsql;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>Runs CREATE DATABASE under a working name.</summary>
internal static class NewDatabase
{
    /// <param name="connection">A connection outside a transaction.</param>
    /// <param name="name">The final name. If a DROP DATABASE of it was interrupted, it is completed.</param>
    /// <param name="working">The spec with the working name; an existing database of that name is dropped.</param>
    /// <param name="template">The template to copy.</param>
    /// <param name="cancel">Stops the copy.</param>
    public static async Task MakeAsync(NpgsqlConnection connection, string name, DatabaseSpec working, string template, CancellationToken cancel)
    {
        if (await Catalogue.FindAsync(connection, name, cancel) is { HalfDropped: true })
        {
            await DropAsync(connection, name, cancel);
        }

        await DropAsync(connection, working.Name, cancel);
        var options = Options(Spelled(working, connection.PostgreSqlVersion.Major), template).Where(option => option.Value is not null).ToList();
        await connection.ExecuteAsync(
            "create database %I" + string.Concat(options.Select(option => $" {option.Name} = %L")),
            [working.Name, .. options.Select(option => option.Value!)],
            cancel);
    }

    public static Task DropAsync(NpgsqlConnection connection, string working, CancellationToken cancel) =>
        connection.ExecuteAsync("drop database if exists %I with (force)", [working], cancel);

    /// <summary>Rewrites a spec for versions before 15, which have one, unnamed provider and no LOCALE beside LC_COLLATE or LC_CTYPE.</summary>
    private static DatabaseSpec Spelled(DatabaseSpec spec, int version) => version >= 15 ? spec : spec with
    {
        LocaleProvider = spec.LocaleProvider is "libc" ? null : spec.LocaleProvider,
        Locale = null,
        LcCollate = spec.LcCollate ?? spec.Locale,
        LcCtype = spec.LcCtype ?? spec.Locale,
    };

    private static IEnumerable<(string Name, string? Value)> Options(DatabaseSpec spec, string template) =>
    [
        ("template", template),
        ("encoding", spec.Encoding),
        ("locale_provider", spec.LocaleProvider),
        ("locale", spec.Locale),
        ("lc_collate", spec.LcCollate),
        ("lc_ctype", spec.LcCtype),
        ("icu_locale", spec.IcuLocale),
        ("icu_rules", spec.IcuRules),
        ("builtin_locale", spec.BuiltinLocale),
    ];
}
