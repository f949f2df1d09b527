using Npgsql;

namespace PgFleet.EndToEnd.Terraform;

public sealed class SameServersTests
{
    /// <summary>A server's properties in its catalogues that do not depend on when or where it was created.</summary>
    private static readonly string[] Catalogues =
    [
        """
        select d.datname, pg_get_userbyid(d.datdba), pg_encoding_to_char(d.encoding), d.datcollate, d.datctype, d.datconnlimit, d.datallowconn, d.datistemplate, d.datacl::text
        from pg_database d order by 1
        """,
        "select d.datname, r.rolname, s.setconfig::text from pg_db_role_setting s left join pg_database d on d.oid = s.setdatabase left join pg_roles r on r.oid = s.setrole order by 1, 2",
        "select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolcanlogin, rolreplication, rolconnlimit, rolbypassrls from pg_roles order by 1",
        "select r.rolname, m.rolname, a.admin_option from pg_auth_members a join pg_roles r on r.oid = a.roleid join pg_roles m on m.oid = a.member order by 1, 2",
        // Paths and ports differ between servers.
        """
        select name, setting from pg_settings
        where source not in ('default', 'override', 'client', 'session') and context <> 'internal' and name <> 'port' and setting !~ '/pgf-' order by 1
        """,
    ];

    [TerraformFact]
    public async Task One_stack_as_a_Pulumi_program_and_as_HCL_gives_the_same_servers()
    {
        await using var pulumi = new Workplace();
        await using var terraform = new TerraformPlace();
        pulumi.Write(
            Workplace.Instance("""
                parameters: { work_mem: 8MB, log_min_duration_statement: 250ms }
                backup: { retention: 48h, archiveTimeout: 2m }
                """)
            + Workplace.Database("orders", "encoding: UTF8\nsettings: { timezone: Europe/Helsinki }\nconnection: ${main.connectionUri}")
            + Workplace.Database("stock", "connectionLimit: 20\nextensions: { pgcrypto: {} }"),
            "uri: ${main.connectionUri}\norders: ${orders.connectionUri}\nstock: ${stock.connectionUri}");
        terraform.Write(
            TerraformPlace.Instance("""
                parameters = { work_mem = "8MB", log_min_duration_statement = "250ms" }
                backup     = { retention = "48h", archive_timeout = "2m" }
                """)
            + TerraformPlace.Database("orders", "encoding = \"UTF8\"\n settings = { timezone = \"Europe/Helsinki\" }\n instance_connection = pgfleet_database_instance.main.connection_uri")
            + TerraformPlace.Database("stock", "connection_limit = 20\n extensions = { pgcrypto = {} }"));
        var (up, _) = (await pulumi.UpAsync(), await terraform.AppliedAsync());

        var (left, right) = ((string)up.Outputs["uri"]!, terraform.Uri("pgfleet_database_instance.main"));
        foreach (var catalogue in Catalogues)
        {
            var rows = await RowsAsync(left, catalogue);
            Assert.NotEmpty(rows);
            Assert.Equal(rows, await RowsAsync(right, catalogue));
        }
        var extensions = "select extname, extversion, extnamespace::regnamespace::text, pg_get_userbyid(extowner) from pg_extension order by 1";
        Assert.Equal(await RowsAsync((string)up.Outputs["stock"]!, extensions), await RowsAsync(terraform.Uri("pgfleet_database.stock"), extensions));
        Assert.Equal(WithoutPort((string)up.Outputs["orders"]!), WithoutPort(terraform.Uri("pgfleet_database.orders")));
        Assert.Equal(WithoutPort((string)up.Outputs["stock"]!), WithoutPort(terraform.Uri("pgfleet_database.stock")));
    }

    private static async Task<List<string>> RowsAsync(string uri, string sql)
    {
        await using var connection = await Workplace.ConnectAsync(uri, Workplace.Password);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join(" | ", Enumerable.Range(0, reader.FieldCount).Select(column => reader.GetValue(column))));
        }
        return rows;
    }

    private static string WithoutPort(string uri) => uri.Replace($":{new Uri(uri).Port}/", "/", StringComparison.Ordinal);
}
