using Npgsql;

namespace PgFleet.Postgres.Sessions;

/// <summary>The one place where administrators' sessions are opened, those of servers made here, of their backups and of linked servers.</summary>
internal static class AdminSession
{
    /// <summary>
    /// Takes back what else was set for the database or the role by those who may, whatever it means on this server's version: how text is
    /// read and written, which defaults there are. What it is that a session could not even begin with is pinned at its start.
    /// </summary>
    /// <remarks>The built-in value of max_stack_depth is less than what every server finds for itself.</remarks>
    private const string Neutralise =
        """
        select pg_catalog.set_config(s.name, s.boot_val, false)
        from pg_catalog.pg_settings s, pg_catalog.pg_roles r
        where s.source in ('global', 'database', 'user', 'database user') and s.boot_val is not null and s.name <> 'max_stack_depth'
            and r.rolname = current_user and (s.context = 'user' or (s.context = 'superuser' and r.rolsuper))
        """;

    /// <param name="more">See <see cref="Pins.Options"/>.</param>
    /// <param name="build">What an address in words does not tell.</param>
    public static NpgsqlDataSource Source(NpgsqlConnectionStringBuilder address, IEnumerable<string> more, Action<NpgsqlSlimDataSourceBuilder>? build = null)
    {
        address.Options = Pins.Options(more);
        address.GssEncryptionMode = GssEncryptionMode.Disable;
        var builder = new NpgsqlSlimDataSourceBuilder(address.ConnectionString);
        builder.EnableArrays();
        // The names of a database's own types are its owner's to choose, in bytes that are no text too; none of them is needed.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        build?.Invoke(builder);
        return builder.Build();
    }

    /// <param name="source">Of <see cref="Source"/>.</param>
    public static async Task<NpgsqlConnection> OpenAsync(NpgsqlDataSource source, CancellationToken cancel)
    {
        var connection = await source.OpenConnectionAsync(cancel);
        try
        {
            await using var command = new NpgsqlCommand(Neutralise, connection);
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
