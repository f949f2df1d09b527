using Npgsql;

namespace PgFleet.Postgres.Sessions;

/// <summary>Runs SQL on an administrator's connection. Values are parameters; where a statement takes none, the server quotes them.</summary>
internal static class Statement
{
    /// <param name="connection">An open connection.</param>
    /// <param name="sql">The statement, with $1, $2, …</param>
    /// <param name="parameters">The values, of the types that the server expects.</param>
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params object?[] parameters)
    {
        // No client-side timeout here: the session's statement_timeout, the caller's cancellation and the connection's own CommandTimeout are the limits.
        var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(new() { Value = parameter ?? DBNull.Value });
        }

        return command;
    }

    /// <summary>Returns the first column of the first row, which must exist and must not be null.</summary>
    public static async Task<T> ScalarAsync<T>(this NpgsqlConnection connection, string sql, object?[] parameters, CancellationToken cancel)
    {
        await using var command = connection.Command(sql, parameters);
        return (T)(await command.ExecuteScalarAsync(cancel))!;
    }

    /// <summary>Returns the first column of the first row; null when there is no row, or a null in it.</summary>
    public static async Task<T?> FindAsync<T>(this NpgsqlConnection connection, string sql, object?[] parameters, CancellationToken cancel)
        where T : class
    {
        await using var command = connection.Command(sql, parameters);
        return await command.ExecuteScalarAsync(cancel) as T;
    }

    public static async Task<List<T>> ListAsync<T>(
        this NpgsqlConnection connection, string sql, object?[] parameters, Func<NpgsqlDataReader, T> read, CancellationToken cancel)
    {
        await using var command = connection.Command(sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    /// <summary>
    /// Runs a statement that takes no parameters. Without arguments it is sent unchanged, because a failed transaction accepts nothing but its end.
    /// </summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="format">A format for the server's format(): %I is an identifier, %L a literal.</param>
    /// <param name="arguments">The arguments, in order.</param>
    /// <param name="cancel">Stops the statement on the server.</param>
    public static async Task ExecuteAsync(this NpgsqlConnection connection, string format, string[] arguments, CancellationToken cancel)
    {
        var sql = arguments.Length == 0 ? format : await connection.FormatAsync(format, arguments, cancel);
        await using var command = connection.Command(sql);
        await command.ExecuteNonQueryAsync(cancel);
    }

    /// <summary>Returns a statement as the server formats it, to be run later.</summary>
    public static Task<string> FormatAsync(this NpgsqlConnection connection, string format, string[] arguments, CancellationToken cancel) =>
        connection.ScalarAsync<string>("select pg_catalog.format($1, variadic $2::pg_catalog.text[])", [format, arguments], cancel);
}
