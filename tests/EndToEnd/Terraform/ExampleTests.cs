namespace PgFleet.EndToEnd.Terraform;

/// <summary>The examples as published, run from a copy.</summary>
public sealed class ExampleTests
{
    [TerraformFact]
    [Trait("Requirement", "R21")]
    public async Task The_shop_comes_up_and_its_restore_brings_back_the_rows_as_shown()
    {
        await using var place = new TerraformPlace();
        place.CopyExample("instance-with-databases", "main.tf");
        await place.AppliedAsync();
        await place.SettledAsync();
        var orders = place.Uri("pgfleet_database.orders");
        Assert.Equal("Europe/Helsinki", await Workplace.ScalarAsync(orders, "show timezone"));
        await Workplace.ScalarAsync(orders, "create table lamps as select generate_series(1, 3)");
        var before = (string)(await Workplace.ScalarAsync(orders, "select now()::text"))!;
        await Workplace.ScalarAsync(orders, "delete from lamps");

        place.CopyExample("restore", "undone.tf");
        await place.AppliedAsync("-var", $"restore_time={before}");
        Assert.Equal(3L, await place.QueryAsync("pgfleet_restored_instance.undone", "select count(*) from lamps", "orders"));
        await place.SettledAsync("-var", $"restore_time={before}");
    }

    [TerraformFact]
    public async Task The_shop_s_application_is_deployed_and_a_new_migration_is_an_update_as_shown()
    {
        await using var place = new TerraformPlace();
        place.CopyExample("instance-with-databases", "main.tf");
        place.CopyExample("application", "application.tf");
        var shop = Path.Combine(place.Work.Project, "shop");
        foreach (var file in Directory.GetFiles(ShopSource, "*", SearchOption.AllDirectories))
        {
            var to = Path.Combine(shop, Path.GetRelativePath(ShopSource, file));
            Directory.CreateDirectory(Path.GetDirectoryName(to)!);
            File.Copy(file, to);
        }
        await place.AppliedAsync();
        await place.SettledAsync();
        await File.WriteAllTextAsync(Path.Combine(shop, "migrations", "003-lamps.sql"), "create table lamps ();");
        Assert.Equal(["update pgfleet_application.shop"], (await place.AppliedAsync()).Done);
        Assert.Equal(0L, await Workplace.ScalarAsync(place.Uri("pgfleet_application.shop"), "select count(*) from lamps"));
    }

    private static string ShopSource => Path.Combine(Repository.Root, "examples", "application", "shop");
}
