using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>Applications with migrations, on real servers.</summary>
public sealed class ApplicationTests
{
    [Fact]
    [Trait("Requirement", "R9")]
    [Trait("Requirement", "R13")]
    [Trait("Requirement", "R14")]
    public async Task An_application_is_deployed_with_its_database_and_every_migration()
    {
        await using var work = new Workplace();
        var shop = new AppFolder(work, "psql -qc 'create table if not exists orders (id int)'", "psql -qc 'create table if not exists runs (at timestamptz default now())' -c 'insert into runs default values'");
        work.Write(Workplace.Instance() + AppFolder.Declaration("connection: ${main.connectionUri}"), "uri: ${shop-app.connectionUri}\ndatabase: ${shop-app.database}");

        var preview = Workplace.Succeeded(await work.Stack.PreviewAsync());
        Assert.Equal("shop_app", (string)preview["shop-app"].Outputs["database"]!);
        Assert.False(Directory.Exists(work.Home));

        var up = await work.UpAsync();
        var uri = (string)up.Outputs["uri"]!;
        Assert.Equal("shop_app", (string)up.Outputs["database"]!);
        Assert.Equal("shopkeeper shopkeeper", await Workplace.ScalarAsync(uri, "select string_agg(tableowner, ' ') from pg_tables where tablename in ('orders', 'runs')"));
        Assert.Equal(1L, await Workplace.ScalarAsync(uri, "select count(*) from runs"));
        Assert.Equal(0L, await Workplace.ScalarAsync(uri, "select count(*) from pg_roles where rolname like 'pgfleet\\_migration\\_%'"));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));

        shop.Write("notes.txt", "another content");
        Assert.Equal([Op.Update], (await work.UpAsync()).StepsOf("shop-app"));
        Assert.Equal(2L, await Workplace.ScalarAsync(uri, "select count(*) from runs"));
        Workplace.Succeeded(await work.Stack.DestroyAsync());
    }
}
