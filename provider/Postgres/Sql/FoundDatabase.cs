namespace PgFleet.Postgres.Sql;

/// <summary>
/// A database as the catalogue describes it. <see cref="Spec"/> lacks only what no catalogue stores: extensions, and the template unless the database was just
/// created.
/// </summary>
internal sealed record FoundDatabase
{
    public required uint Oid { get; init; }

    public required DatabaseSpec Spec { get; init; }

    /// <summary>False when its name is not valid UTF-8: then no statement can refer to it, and the name in <see cref="Spec"/> is only for display.</summary>
    public bool HasName { get; init; } = true;

    public required bool IsTemplate { get; init; }

    /// <summary>A DROP DATABASE was interrupted, and PostgreSQL permits only another drop (pg_database.datconnlimit is -2).</summary>
    public required bool HalfDropped { get; init; }

    /// <summary>It came with a restored server and has not been taken over yet: see <see cref="Databases.MarkAllRestoredAsync"/>.</summary>
    public required bool Unclaimed { get; init; }
}
