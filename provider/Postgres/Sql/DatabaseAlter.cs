using Npgsql;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>
/// Alters what the shared catalogues store about a database, from one spec to another. For use inside a transaction, so that all or nothing is changed.
/// </summary>
internal static class DatabaseAlter
{
    public static async Task ApplyAsync(NpgsqlConnection connection, DatabaseSpec prior, DatabaseSpec planned, CancellationToken cancel)
    {
        var joined = await TemporaryMembership.GrantAsync(connection, [prior.Owner, planned.Owner], cancel);
        await DatabaseSettings.ApplyAsync(connection, prior.Name, prior.Settings, planned.Settings, cancel);
        if (planned.ConnectionLimit != prior.ConnectionLimit)
        {
            await connection.ExecuteAsync("alter database %I connection limit %s", [prior.Name, $"{planned.ConnectionLimit}"], cancel);
        }

        if (planned.AllowConnections != prior.AllowConnections)
        {
            await connection.ExecuteAsync("alter database %I allow_connections %s", [prior.Name, $"{planned.AllowConnections}"], cancel);
        }

        if (planned.Name != prior.Name)
        {
            await connection.ExecuteAsync("alter database %I rename to %I", [prior.Name, planned.Name], cancel);
        }

        // Last: afterwards the administrator may no longer be the owner, and only the owner may run the statements above.
        if (planned.Owner != prior.Owner)
        {
            await connection.ExecuteAsync("alter database %I owner to %I", [planned.Name, planned.Owner], cancel);
        }

        await TemporaryMembership.RevokeAsync(connection, joined, cancel);
    }

    /// <summary>True if <see cref="ApplyAsync"/> would change anything.</summary>
    public static bool IsBetween(DatabaseSpec prior, DatabaseSpec planned) =>
        prior with { Settings = planned.Settings, Extensions = planned.Extensions } != planned || !prior.Settings.SequenceEqual(planned.Settings);

    /// <summary>A database's spec without settings and extensions, for changes that touch only those that the plan names.</summary>
    public static DatabaseSpec Unmanaged(FoundDatabase found) =>
        found.Spec with { Settings = found.Spec.Settings.Clear(), Extensions = found.Spec.Extensions.Clear() };
}
