using Npgsql;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Postgres.Sql;

/// <summary>The columns of a database's tables at one moment, for comparison with a later one.</summary>
internal sealed class ColumnSnapshot
{
    private readonly List<Column> all;

    private ColumnSnapshot(List<Column> all) => this.all = all;

    public static async Task<ColumnSnapshot> ReadAsync(NpgsqlConnection connection, CancellationToken cancel) => new(await connection.ListAsync(
        """
        select a.attrelid, a.attnum, pg_catalog.format('%I.%I', n.nspname, c.relname), a.attname::text
        from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p') and a.attnum > 0 and not a.attisdropped and n.nspname <> 'information_schema' and n.nspname not like 'pg\_%'
        order by 3, 2
        """,
        [],
        row => new Column(row.GetFieldValue<uint>(0), row.GetInt16(1), row.GetString(2), row.GetString(3)),
        cancel));

    /// <summary>The columns' names, qualified by schema and table, in order.</summary>
    public IEnumerable<string> Names => all.Select(column => $"{column.TableName}.{column.Name}");

    /// <summary>Describes the columns that were dropped or renamed later, which would break code written for this snapshot.</summary>
    public IEnumerable<string> LostIn(ColumnSnapshot later)
    {
        var now = later.all.ToDictionary(column => (column.Table, column.Number));
        foreach (var column in all)
        {
            if (!now.TryGetValue((column.Table, column.Number), out var same))
            {
                yield return $"{column.TableName}.{column.Name} is gone";
            }
            else if (same.Name != column.Name)
            {
                yield return $"{column.TableName}.{column.Name} is now {same.Name}";
            }
        }
    }

    private sealed record Column(uint Table, short Number, string TableName, string Name);
}
