namespace PgFleet.EndToEnd.Terraform;

/// <summary>Imports of existing resources.</summary>
public sealed class ImportTests
{
    [TerraformFact]
    public async Task What_exists_is_imported_by_id_and_by_blocks_and_nothing_is_replaced()
    {
        await using var place = new TerraformPlace();
        var program = TerraformPlace.Instance("parameters = { work_mem = \"8MB\" }") + TerraformPlace.Database("orders", "settings = { statement_timeout = \"1min\" }");
        place.Write(program);
        await place.AppliedAsync();
        place.Forget();

        var taken = await place.PlanAsync();
        Assert.Contains(taken.Errors, error => error.Detail.Contains("terraform import pgfleet_database_instance.NAME main", StringComparison.Ordinal));
        Assert.Contains("There is no pgfleet_database \"main/nothing\"", (await place.RunAsync("import", "-no-color", "pgfleet_database.orders", "main/nothing")).Text.ReplaceLineEndings(" "), StringComparison.Ordinal);
        TerraformPlace.Succeeded(await place.RunAsync("import", "pgfleet_database_instance.main", "main"));
        TerraformPlace.Succeeded(await place.RunAsync("import", "pgfleet_database.orders", "main/orders"));
        // The password cannot be read back, so it is set again; nothing else changes.
        Assert.Equal(["pgfleet_database_instance.main"], (await place.AppliedAsync()).Changes.Keys);
        await place.SettledAsync();

        place.Forget();
        await place.GenerateAsync("password", ("pgfleet_database_instance.main", "main"), ("pgfleet_database.orders", "main/orders"));
        var plan = TerraformPlace.Succeeded(await place.PlanAsync());
        Assert.DoesNotContain("replace", plan.Changes.Values);
        await place.AppliedAsync();
        await place.SettledAsync();
    }
}
