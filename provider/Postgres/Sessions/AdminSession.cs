using Npgsql;

namespace PgFleet.Postgres.Sessions;

/// <summary>The one place where administrators' sessions are opened: for managed servers, their backups, and linked servers.</summary>
internal static class AdminSession
{
    /// <summary>
    /// Resets parameters that were set for the database or the role, on any version of the server: they change how text is read and
    /// written, and the defaults of statements. Settings that could prevent a session from starting are pinned at its start instead.
    /// </summary>
    /// <remarks>The built-in value of max_stack_depth is lower than what every server computes at start.</remarks>
    private const string Neutralise =
        """
        select pg_catalog.set_config(s.name, s.boot_val, false)
        from pg_catalog.pg_settings s, pg_catalog.pg_roles r
        where s.source in ('global', 'database', 'user', 'database user') and s.boot_val is not null and s.name <> 'max_stack_depth'
            and r.rolname = current_user and (s.context = 'user' or (s.context = 'superuser' and r.rolsuper))
        """;

    /// <param name="address">The connection's address.</param>
    /// <param name="more">Names for <see cref="Pins.Options"/>.</param>
    /// <param name="build">Configures what a connection string cannot express.</param>
    public static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder address, IEnumerable<string> more, Action<NpgsqlSlimDataSourceBuilder>? build = null)
    {
        address.Options = Pins.Options(more);
        address.GssEncryptionMode = GssEncryptionMode.Disable;
        var builder = new NpgsqlSlimDataSourceBuilder(address.ConnectionString);
        builder.EnableArrays();
        // A database's owner chooses the names of its types, possibly in bytes that are not valid text; none of them is needed.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        build?.Invoke(builder);
        return builder.Build();
    }

    /// <summary>Opens a session from a data source of <see cref="Source"/>.</summary>
    public static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        var connection = await source.OpenConnectionAsync(cancel);
        try
        {
            await using var command = connection.Command(Neutralise);
            await command.ExecuteNonQueryAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
