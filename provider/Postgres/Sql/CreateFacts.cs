using Npgsql;

namespace PgFleet.Postgres.Sql;

/// <summary>What a server says about a database that shall be made on it.</summary>
internal sealed record CreateFacts
{
    /// <summary>The one that has the name already.</summary>
    public required FoundDatabase? Namesake { get; init; }

    public required bool OwnerExists { get; init; }

    /// <summary>The template named, or template1; null when it does not exist.</summary>
    public required FoundDatabase? Template { get; init; }

    /// <summary>The versions that the server can install of each extension asked for; none when it has not got it.</summary>
    public required ILookup<string, string> Versions { get; init; }

    public static async Task<CreateFacts> ReadAsync(NpgsqlConnection connection, DatabaseSpec spec, CancellationToken cancel) => new()
    {
        Namesake = await Catalogue.FindAsync(connection, spec.Name, cancel),
        Template = await Catalogue.FindAsync(connection, spec.Template ?? "template1", cancel),
        OwnerExists = await connection.ScalarAsync<bool>("select exists (select from pg_roles where rolname = $1)", [spec.Owner], cancel),
        Versions = (await connection.ListAsync(
            "select name::text, version from pg_available_extension_versions where name = any($1)",
            [spec.Extensions.Keys.ToArray()],
            row => (Name: row.GetString(0), Version: row.GetString(1)),
            cancel)).ToLookup(pair => pair.Name, pair => pair.Version),
    };

    /// <summary>template1 can be copied only as it is; template0 holds nothing that another encoding or locale could break.</summary>
    public string TemplateFor(DatabaseSpec spec) => spec.Template ?? (Template is null || IsOther(Template.Spec, spec) ? "template0" : "template1");

    private static bool IsOther(DatabaseSpec template, DatabaseSpec spec) =>
        !Locales.Fit(template, spec) || (spec.Locale is not null && spec.Locale != template.Locale);
}
