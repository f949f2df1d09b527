namespace PgFleet.EndToEnd.Terraform;

/// <summary>Which goes first is the program's to say, by create_before_destroy, and what follows from it.</summary>
public sealed class ReplacementTests
{
    private const string CreateFirst = "lifecycle {\n create_before_destroy = true\n }";

    [TerraformFact]
    public async Task A_rename_replaces_the_server_and_its_databases_says_what_is_lost_and_destroys_first()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders"));
        await place.AppliedAsync();
        place.Write(TerraformPlace.Instance(name: "primary") + TerraformPlace.Database("orders"));

        var plan = TerraformPlace.Succeeded(await place.PlanAsync());
        Assert.Equal(["replace", "replace"], plan.Changes.Values);
        Assert.Contains(plan.Warnings, warning => warning.Detail.Contains("The server \"main\" will be destroyed, and with it the databases \"orders\"", StringComparison.Ordinal));

        Assert.Equal(
            ["delete pgfleet_database.orders", "delete pgfleet_database_instance.main", "create pgfleet_database_instance.main", "create pgfleet_database.orders"],
            (await place.AppliedAsync()).Done);
        Assert.Equal("primary/orders", place.Recorded("pgfleet_database.orders").GetProperty("id").GetString());
        await place.SettledAsync();
    }

    [TerraformFact]
    public async Task With_create_before_destroy_a_new_name_comes_first_and_a_fixed_one_is_refused_before_anything_is_touched()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance(CreateFirst));
        await place.AppliedAsync();
        place.Write(TerraformPlace.Instance(CreateFirst, name: "primary"));
        Assert.Equal(["create pgfleet_database_instance.main", "delete pgfleet_database_instance.main"], (await place.AppliedAsync()).Done);

        var refused = await place.ApplyAsync("-replace=pgfleet_database_instance.main");
        var error = Assert.Single(refused.Errors);
        Assert.Contains("\"primary\" exists already", error.Detail, StringComparison.Ordinal);
        Assert.Contains("create_before_destroy is set, and both would be there at one time: write another name", error.Detail, StringComparison.Ordinal);
        Assert.Contains("available", (await place.Work.PgFleetAsync("status", "primary")).Out, StringComparison.Ordinal);

        place.Write(TerraformPlace.Instance(CreateFirst, name: "third"));
        Assert.Equal(["create pgfleet_database_instance.main", "delete pgfleet_database_instance.main"], (await place.AppliedAsync()).Done);
        await place.SettledAsync();
    }

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

    [TerraformFact]
    [Trait("Requirement", "R32")]
    public async Task What_is_protected_is_refused_at_plan_whether_it_is_destroyed_replaced_or_tainted()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance(isProtected: true) + TerraformPlace.Database("orders"));
        await place.AppliedAsync();
        Refused(await place.PlanAsync("-destroy"));
        Refused(await place.PlanAsync("-replace=pgfleet_database_instance.main"));
        await place.RunAsync("taint", "pgfleet_database_instance.main");
        Refused(await place.PlanAsync());
        await place.RunAsync("untaint", "pgfleet_database_instance.main");
        place.Write(TerraformPlace.Instance(name: "primary") + TerraformPlace.Database("orders"));
        Refused(await place.PlanAsync());

        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders"));
        await place.AppliedAsync();
        TerraformPlace.Succeeded(await place.DestroyAsync());

        static void Refused(TerraformResult plan)
        {
            Assert.Equal(1, plan.Code);
            Assert.Contains(plan.Errors, error => error.Detail.Contains("protected", StringComparison.Ordinal) && error.Detail.Contains("deletion_protection to false", StringComparison.Ordinal));
        }
    }
}
