namespace PgFleet.Postgres.Sql;

/// <summary>A database as the catalogue describes it. In <see cref="Spec"/> only what no catalogue keeps is missing: extensions, and the template of one that is not just made.</summary>
internal sealed record FoundDatabase
{
    public required uint Oid { get; init; }

    public required DatabaseSpec Spec { get; init; }

    /// <summary>False when its name is no UTF-8: then no statement can mean it, and the name in <see cref="Spec"/> is for people.</summary>
    public bool HasName { get; init; } = true;

    public required bool IsTemplate { get; init; }

    /// <summary>A DROP DATABASE broke off in it, and PostgreSQL permits nothing but another one (pg_database.datconnlimit is -2).</summary>
    public required bool HalfDropped { get; init; }

    /// <summary>It came with a restored server, and nobody has claimed it yet: see <see cref="Databases.MarkAllRestoredAsync"/>.</summary>
    public required bool Unclaimed { get; init; }
}
