namespace PgFleet.EndToEnd;

/// <summary>The published SDK and its migration tool: neither accepts a server's certificate without its CA.</summary>
public sealed class SdkTests
{
    private const string Knex = "module.exports = { client: 'pg', connection: process.env.DBOS_DATABASE_URL };";

    private const string Migration = """
        exports.up = knex => knex.schema.createTable('orders', table => table.increments());
        exports.down = knex => knex.schema.dropTable('orders');
        """;

    [Fact]
    [Trait("Requirement", "R13")]
    public async Task A_deploy_runs_the_migration_tool_that_the_documentation_shows()
    {
        await using var work = new Workplace();
        var app = Folder(work, "npx knex migrate:latest");
        app.Write("knexfile.js", Knex);
        app.Write("migrations/20260101000000_orders.js", Migration);
        work.Write(Workplace.Instance() + AppFolder.Declaration("connection: ${main.connectionUri}"));

        var up = await work.UpAsync();

        Assert.Equal("shopkeeper", await Workplace.ScalarAsync((string)up["shop-app"].Outputs["connectionUri"]!, "select tableowner::text from pg_tables where tablename = 'orders'"));
    }

    [Fact]
    [Trait("Requirement", "R16")]
    [Trait("Requirement", "R17")]
    public async Task After_connect_the_SDK_migrates_by_hand_over_verified_TLS()
    {
        await using var work = new Workplace();
        var app = Folder(work);
        work.Write(Workplace.Instance() + AppFolder.Declaration("connection: ${main.connectionUri}"));
        var uri = (string)(await work.UpAsync())["shop-app"].Outputs["connectionUri"]!;
        app.Migrate("echo by hand");

        Assert.Equal(0, (await work.PgFleetAsync("connect", "main", "--file", app.Config)).Code);
        await app.RunAsync("npx dbos migrate", ("PGPASSWORD", Workplace.Password));
        Assert.Equal(true, await Workplace.ScalarAsync(uri, "select to_regclass('dbos.transaction_outputs') is not null"));

        // The CA file beside the configuration is what makes verification succeed.
        app.Write("pgfleet-ca.crt", "");
        await Assert.ThrowsAsync<Xunit.Sdk.EqualException>(() => app.RunAsync("npx dbos migrate", ("PGPASSWORD", Workplace.Password)));
        Assert.Equal(0, (await work.PgFleetAsync("connect", "main", "--file", app.Config)).Code);
        await app.RunAsync("npx dbos migrate", ("PGPASSWORD", Workplace.Password));
    }

    private static AppFolder Folder(Workplace work, params string[] migrations)
    {
        var app = new AppFolder(work, migrations);
        Directory.CreateSymbolicLink(Path.Combine(Path.GetDirectoryName(app.Config)!, "node_modules"), Path.Combine(Repository.Root, "tests", "NodeClient", "node_modules"));
        return app;
    }
}
