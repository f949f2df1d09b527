namespace PgFleet.EndToEnd.Terraform;

/// <summary>The available extensions are read from the disk, so no server needs to run.</summary>
public sealed class ExtensionTests
{
    private const string Misspelt = "extensions = {\n pgcryptoo = {}\n }";

    [TerraformFact]
    public async Task A_misspelt_extension_is_refused_at_plan_on_a_server_that_is_stopped_or_only_made_in_the_same_apply()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("one", Misspelt));
        await RefusedAsync();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("one"));
        await place.AppliedAsync();

        // A move to this server would drop it first.
        var other = "\n" + TerraformPlace.Instance("postgres_version = \"15\"", "other").Replace("\"main\" {", "\"other\" {", StringComparison.Ordinal);
        place.Write(TerraformPlace.Instance() + other + TerraformPlace.Database("one", Misspelt, "pgfleet_database_instance.other.id"));
        await RefusedAsync();
        await place.Work.PgFleetAsync("stop", "main");
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("one") + TerraformPlace.Database("two", Misspelt));
        await RefusedAsync();

        async Task RefusedAsync()
        {
            var refused = await place.ApplyAsync();
            Assert.Contains(refused.Errors, error => error.Detail.Contains("\"pgcryptoo\" is not available: PostgreSQL", StringComparison.Ordinal));
            Assert.Empty(refused.Done);
        }
    }
}
