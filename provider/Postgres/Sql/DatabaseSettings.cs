using Npgsql;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>Reads, compares and changes a database's session defaults.</summary>
internal static class DatabaseSettings
{
    /// <summary>The parameters whose value is a list of names: ALTER DATABASE would take one quoted value for one name. pg_dump has the same list.</summary>
    private static readonly string[] Lists = ["local_preload_libraries", "search_path", "session_preload_libraries", "temp_tablespaces"];

    public static async Task ApplyAsync(
        NpgsqlConnection connection,
        string database,
        IReadOnlyDictionary<string, string> prior,
        IReadOnlyDictionary<string, string> planned,
        CancellationToken cancel)
    {
        foreach (var gone in prior.Keys.Where(name => !planned.ContainsKey(name)))
        {
            await connection.ExecuteAsync("alter database %I reset %I", [database, gone], cancel);
        }

        foreach (var (name, value) in planned.Where(setting => prior.GetValueOrDefault(setting.Key) != setting.Value))
        {
            await SetAsync(connection, database, name, value, cancel);
        }
    }

    /// <summary>True if the server considers two values equal, such as 16MB and 16384kB for a parameter in kilobytes.</summary>
    public static async Task<bool> AreSameAsync(NpgsqlConnection connection, string name, string one, string other, CancellationToken cancel)
    {
        await using var tried = await connection.BeginTransactionAsync(cancel);
        try
        {
            return await CanonicalAsync(connection, name, one, cancel) == await CanonicalAsync(connection, name, other, cancel);
        }
        catch (PostgresException)
        {
            return false; // The parameter cannot be set in a session, so only the texts can be compared.
        }
    }

    private static async Task SetAsync(NpgsqlConnection connection, string database, string name, string value, CancellationToken cancel)
    {
        if (!Lists.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            await connection.ExecuteAsync("alter database %I set %I to %L", [database, name, value], cancel);
            return;
        }

        // While the value is set in this session, no name is looked up: it may be a search_path that finds other users' functions first.
        var before = await connection.ScalarAsync<string>("select pg_catalog.current_setting($1)", [name], cancel);
        var alter = await connection.FormatAsync("alter database %I set %I from current", [database, name], cancel);
        await CanonicalAsync(connection, name, value, cancel);
        await connection.ExecuteAsync(alter, [], cancel);
        await CanonicalAsync(connection, name, before, cancel);
    }

    private static Task<string> CanonicalAsync(NpgsqlConnection connection, string name, string value, CancellationToken cancel) =>
        connection.ScalarAsync<string>("select pg_catalog.set_config($1, $2, true)", [name, value], cancel);
}
