namespace PgFleet.EndToEnd.Terraform;

public sealed class ProtectionTests
{
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
