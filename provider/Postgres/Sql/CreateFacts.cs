using Npgsql;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>What a server reports about a database that is to be created on it.</summary>
internal sealed record CreateFacts
{
    /// <summary>The existing database of that name; null when the name is free.</summary>
    public required FoundDatabase? Namesake { get; init; }

    public required bool OwnerExists { get; init; }

    /// <summary>The named template, or template1; null when it does not exist.</summary>
    public required FoundDatabase? Template { get; init; }

    /// <summary>The installable versions of each requested extension; none when the server does not have it.</summary>
    public required ILookup<string, string> Versions { get; init; }

    public static async Task<CreateFacts> ReadAsync(NpgsqlConnection connection, DatabaseSpec spec, CancellationToken cancel) => new()
    {
        Namesake = await Catalogue.FindAsync(connection, spec.Name, cancel),
        Template = await Catalogue.FindAsync(connection, spec.Template ?? "template1", cancel),
        OwnerExists = await connection.HasRoleAsync(spec.Owner, cancel),
        Versions = (await connection.ListAsync(
            "select name::text, version from pg_available_extension_versions where name = any($1)",
            [spec.Extensions.Keys.ToArray()],
            row => (Name: row.GetString(0), Version: row.GetString(1)),
            cancel)).ToLookup(pair => pair.Name, pair => pair.Version),
    };

    /// <summary>
    /// Chooses the template: template1 can only be copied with its own encoding and locale; template0 holds no data that others could invalidate.
    /// </summary>
    public string TemplateFor(DatabaseSpec spec) => spec.Template ?? (Template is null || IsOther(Template.Spec, spec) ? "template0" : "template1");

    private static bool IsOther(DatabaseSpec template, DatabaseSpec spec) =>
        !Locales.Fit(template, spec) || (spec.Locale is not null && spec.Locale != template.Locale);
}
