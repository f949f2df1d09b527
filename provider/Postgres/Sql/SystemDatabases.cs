using System.Collections.Immutable;

namespace PgFleet.Postgres.Sql;

/// <summary>The databases that belong to PostgreSQL itself, which can be neither imported nor dropped.</summary>
internal static class SystemDatabases
{
    /// <summary>FirstNormalObjectId (access/transam.h): objects with lower OIDs came with the server.</summary>
    private const uint FirstOfUsers = 16384;

    public static readonly ImmutableArray<string> Names = ["postgres", "template0", "template1"];

    public static bool Is(string name) => Names.Contains(name);

    public static bool Is(FoundDatabase found) => found.Oid < FirstOfUsers || Is(found.Spec.Name);
}
