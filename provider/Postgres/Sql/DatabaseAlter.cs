using Npgsql;

namespace PgFleet.Postgres.Sql;

/// <summary>What the shared catalogues keep of a database, brought from one spec to another. For use inside a transaction, as a whole or not at all.</summary>
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

        // Last: from here on the administrator may no longer be the owner, who alone may do the above.
        if (planned.Owner != prior.Owner)
        {
            await connection.ExecuteAsync("alter database %I owner to %I", [planned.Name, planned.Owner], cancel);
        }

        await TemporaryMembership.RevokeAsync(connection, joined, cancel);
    }

    /// <summary>Whether <see cref="ApplyAsync"/> has anything to do.</summary>
    public static bool IsBetween(DatabaseSpec prior, DatabaseSpec planned) =>
        prior with { Settings = planned.Settings, Extensions = planned.Extensions } != planned || !prior.Settings.SequenceEqual(planned.Settings);

    /// <summary>A database's spec for a change that touches only what the plan names: settings and extensions beside it stay as they are.</summary>
    public static DatabaseSpec Unmanaged(FoundDatabase found) =>
        found.Spec with { Settings = found.Spec.Settings.Clear(), Extensions = found.Spec.Extensions.Clear() };
}
