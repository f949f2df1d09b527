namespace PgFleet.EndToEnd;

/// <summary>How to release a server from an application that no program declares any more.</summary>
public sealed class UnbindTests
{
    [Fact]
    public async Task An_application_is_let_go_by_name_unless_its_server_is_protected_and_its_database_stays()
    {
        await using var work = new Workplace();
        _ = new AppFolder(work, "psql -qc 'create table if not exists orders (id int)'");
        work.Write(Workplace.Instance(isProtected: true) + AppFolder.Declaration(), "uri: ${main.connectionUri}");
        await work.UpAsync();

        var refused = await work.PgFleetAsync("unbind", "shop-app", "--yes");
        Assert.Equal((1, ""), (refused.Code, refused.Out));
        Assert.Contains("The server \"main\" is protected. Set deletionProtection to false", refused.Error, StringComparison.Ordinal);
        Assert.True(Workplace.Has(Path.Combine(work.Home, "applications", "shop-app")));

        work.Write(Workplace.Instance() + AppFolder.Declaration(), "uri: ${main.connectionUri}");
        var up = await work.UpAsync();
        var held = await work.PgFleetAsync("delete", "main", "--yes");
        Assert.Equal(1, held.Code);
        Assert.Contains("pgfleet unbind shop-app", held.Error, StringComparison.Ordinal);
        var unbound = await work.PgFleetAsync("unbind", "shop-app", "--yes");
        Assert.Equal((0, "shop-app unbound from main\n"), (unbound.Code, unbound.Out));
        Assert.False(Workplace.Has(Path.Combine(work.Home, "applications", "shop-app")));
        var uri = (string)up.Outputs["uri"]!;
        Assert.Equal(1L, await Workplace.ScalarAsync(uri.Replace("/postgres?", "/shop_app?", StringComparison.Ordinal), "select count(*) from pg_tables where tablename = 'orders'"));
        Assert.Equal(0, (await work.PgFleetAsync("delete", "main", "--yes")).Code);
    }
}
