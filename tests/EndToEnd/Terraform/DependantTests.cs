namespace PgFleet.EndToEnd.Terraform;

/// <summary>The effect of a server's replacement on what refers to it.</summary>
public sealed class DependantTests
{
    [TerraformFact]
    public async Task A_database_that_names_its_server_by_a_text_follows_its_replacement_by_replace_triggered_by()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders", "depends_on = [pgfleet_database_instance.main]", "\"main\""));
        await place.AppliedAsync();
        var alone = TerraformPlace.Succeeded(await place.PlanAsync("-replace=pgfleet_database_instance.main"));
        Assert.Equal(["pgfleet_database_instance.main"], alone.Changes.Keys);

        place.Write(TerraformPlace.Instance() + TerraformPlace.Database(
            "orders", "depends_on = [pgfleet_database_instance.main]\n lifecycle {\n replace_triggered_by = [pgfleet_database_instance.main.id]\n }", "\"main\""));
        Assert.Equal(4, (await place.AppliedAsync("-replace=pgfleet_database_instance.main")).Done.Count);
        Assert.Equal(1L, await place.QueryAsync("pgfleet_database_instance.main", "select count(*) from pg_database where datname = 'orders'", "postgres"));
        await place.SettledAsync();
    }

    [TerraformFact]
    public async Task A_source_that_is_replaced_does_not_drag_its_restores_along()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Restored("latest"));
        await place.AppliedAsync();
        place.Write(TerraformPlace.Instance(name: "anew") + TerraformPlace.Restored("latest"));
        var up = await place.AppliedAsync();
        Assert.Equal(("replace", "update"), (up.Changes["pgfleet_database_instance.main"], up.Changes["pgfleet_restored_instance.undone"]));
        await place.SettledAsync();
    }
}
