namespace PgFleet.EndToEnd.Terraform;

/// <summary>Plans after everything was created: empty, or repairing changes made outside Terraform.</summary>
public sealed class SettlingTests
{
    [TerraformFact]
    public async Task Drift_is_found_and_mended()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders", "connection_limit = 20") + TerraformPlace.Database("stock"));
        await place.AppliedAsync();
        var main = place.Uri("pgfleet_database_instance.main");
        await Workplace.ScalarAsync(main, "alter database orders connection limit 7");
        await Workplace.ScalarAsync(main, "drop database stock");
        var found = TerraformPlace.Succeeded(await place.PlanAsync());
        Assert.Equal(("update", "create", 2), (found.Changes["pgfleet_database.orders"], found.Changes["pgfleet_database.stock"], found.Changes.Count));
        await place.AppliedAsync();
        Assert.Equal(20, await Workplace.ScalarAsync(main, "select datconnlimit from pg_database where datname = 'orders'"));

        await place.Work.PgFleetAsync("stop", "main");
        var mended = await place.AppliedAsync();
        Assert.Equal(["update pgfleet_database_instance.main"], mended.Done);
        Assert.Equal(1, await Workplace.ScalarAsync(main, "select 1"));
        await place.SettledAsync();
    }

    [TerraformFact]
    public async Task Fifty_databases_are_made_in_one_apply_and_settled()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + """

            resource "pgfleet_database" "shop" {
              count    = 50
              instance = pgfleet_database_instance.main.id
              name     = "shop${count.index}"
            }
            """);
        Assert.Equal(51, (await place.AppliedAsync()).Done.Count);
        Assert.Equal(50L, await place.QueryAsync("pgfleet_database_instance.main", "select count(*) from pg_database where datname like 'shop%'", "postgres"));
        await place.SettledAsync();
    }
}
