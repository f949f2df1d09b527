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
}
