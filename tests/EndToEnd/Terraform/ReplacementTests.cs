namespace PgFleet.EndToEnd.Terraform;

/// <summary>The order of a replacement is determined by create_before_destroy in the program.</summary>
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
        Assert.Equal(1, await place.QueryAsync("pgfleet_database_instance.main", "select 1", "postgres"));

        place.Write(TerraformPlace.Instance(CreateFirst, name: "third"));
        Assert.Equal(["create pgfleet_database_instance.main", "delete pgfleet_database_instance.main"], (await place.AppliedAsync()).Done);
        await place.SettledAsync();
    }

    /// <summary>A plan does not contain create_before_destroy. A database without it is destroyed first, which leaves it to be deleted with its server.</summary>
    [TerraformFact]
    public async Task A_fixed_name_that_is_refused_under_create_before_destroy_has_lost_no_row_and_there_is_a_way_back()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance(CreateFirst) + TerraformPlace.Database("orders"));
        await place.AppliedAsync();
        var main = place.Uri("pgfleet_database_instance.main");
        var orders = main.Replace("/postgres?", "/orders?", StringComparison.Ordinal);
        await Workplace.ScalarAsync(orders, "create table lamps as select 1 as id");

        var refused = await place.ApplyAsync("-replace=pgfleet_database_instance.main");
        Assert.Contains("terraform state rm, then terraform import", Assert.Single(refused.Errors).Detail, StringComparison.Ordinal);
        Assert.Equal(1L, await Workplace.ScalarAsync(orders, "select count(*) from lamps"));

        TerraformPlace.Succeeded(await place.RunAsync("state", "rm", "pgfleet_database_instance.main"));
        TerraformPlace.Succeeded(await place.RunAsync("import", "pgfleet_database_instance.main", "main"));
        if (!place.Has("pgfleet_database.orders"))
        {
            TerraformPlace.Succeeded(await place.RunAsync("import", "pgfleet_database.orders", "main/orders"));
        }
        // An import lacks the password, which is set again.
        Assert.All((await place.AppliedAsync()).Done, done => Assert.StartsWith("update ", done, StringComparison.Ordinal));
        Assert.Equal(1L, await Workplace.ScalarAsync(orders, "select count(*) from lamps"));
    }

    [TerraformFact]
    public async Task A_replacement_under_the_same_name_warns_of_create_before_destroy()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders"));
        await place.AppliedAsync();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders", "template = \"template0\""));
        var warning = Assert.Single(TerraformPlace.Succeeded(await place.PlanAsync()).Warnings).Detail;
        Assert.Contains("If create_before_destroy holds for it", warning, StringComparison.Ordinal);
        Assert.Contains("\"main/orders\" cannot be there twice", warning, StringComparison.Ordinal);
    }

    [TerraformFact]
    public async Task A_server_that_is_replaced_takes_its_databases_along_stopped_or_not_and_a_client_of_one_holds_both()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders"));
        await place.AppliedAsync();
        place.Write(TerraformPlace.Instance(name: "primary") + TerraformPlace.Database("orders"));
        await using (await Workplace.ConnectAsync(place.Uri("pgfleet_database_instance.main").Replace("/postgres?", "/orders?", StringComparison.Ordinal)))
        {
            Assert.Contains("since it has clients", Assert.Single((await place.ApplyAsync()).Errors).Detail, StringComparison.Ordinal);
        }
        await place.Work.PgFleetAsync("stop", "main");
        Assert.Equal(
            ["delete pgfleet_database.orders", "delete pgfleet_database_instance.main", "create pgfleet_database_instance.main", "create pgfleet_database.orders"], (await place.AppliedAsync()).Done);
    }
}
