namespace PgFleet.EndToEnd.Terraform;

/// <summary>Terraform's state contains sensitive values in clear, but no write-only ones.</summary>
public sealed class SecretTests
{
    private const string First = "first-secret-1", Second = "second-secret-2";

    [TerraformFact]
    public async Task A_write_only_password_is_in_no_state_plan_or_log_and_is_set_again_when_its_version_changes()
    {
        await using var place = new TerraformPlace { Password = First };
        var database = TerraformPlace.Database("orders", "instance_connection_wo = \"postgresql://shopkeeper:${var.secret}@127.0.0.1/\"");
        place.Write(Instance("password_wo = var.secret\n password_wo_version = 1") + database);
        await place.AppliedAsync("-parallelism=1");
        await UnseenAsync(First);
        Assert.Equal(1, await place.QueryAsync("pgfleet_database_instance.main", "select 1", "postgres"));
        await place.SettledAsync();

        // Terraform does not notice the change, and no other change sets it.
        place.Password = Second;
        await place.SettledAsync();
        place.Write(Instance("password_wo = var.secret\n password_wo_version = 1\n parameters = { work_mem = \"8MB\" }") + database);
        await place.AppliedAsync();
        Assert.Equal(1, await Workplace.ScalarAsync(place.Uri("pgfleet_database_instance.main"), "select 1", First));

        place.Write(Instance("password_wo = var.secret\n password_wo_version = 2\n parameters = { work_mem = \"8MB\" }") + database);
        Assert.Equal(["update pgfleet_database_instance.main"], (await place.AppliedAsync()).Done);
        Assert.Equal(1, await place.QueryAsync("pgfleet_database_instance.main", "select 1", "postgres"));
        await UnseenAsync(First);
        await UnseenAsync(Second);
        await place.SettledAsync();

        // From one form to the other and back.
        place.Write(Instance("password = var.password\n parameters = { work_mem = \"8MB\" }") + database);
        await place.AppliedAsync();
        Assert.Contains(Second, place.Uri("pgfleet_database_instance.main"), StringComparison.Ordinal);
        await place.SettledAsync();
        place.Write(Instance("password_wo = var.secret\n parameters = { work_mem = \"8MB\" }") + database);
        await place.AppliedAsync();
        Assert.DoesNotContain(Second, place.State, StringComparison.Ordinal);
        Assert.Equal(1, await place.QueryAsync("pgfleet_database_instance.main", "select 1", "postgres"));
        await place.SettledAsync();

        async Task UnseenAsync(string secret)
        {
            TerraformPlace.Succeeded(await place.RunAsync("plan", "-destroy", "-out=plan"));
            var shown = TerraformPlace.Succeeded(await place.RunAsync("show", "-json", "plan"));
            Assert.DoesNotContain(secret, shown.Text, StringComparison.Ordinal);
            Assert.DoesNotContain(secret, place.State, StringComparison.Ordinal);
        }
    }

    [TerraformFact]
    public async Task Of_the_two_forms_one_is_needed_and_both_are_refused_and_neither_is_quoted()
    {
        await using var place = new TerraformPlace();
        place.Write(Instance(""));
        Assert.Contains("write password, or password_wo", Assert.Single((await place.PlanAsync()).Errors).Detail, StringComparison.Ordinal);
        place.Write(Instance("password = \"literal-secret\"\n password_wo = \"another-secret\""));
        Assert.Contains("keep one of the two", Assert.Single((await place.PlanAsync()).Errors).Detail, StringComparison.Ordinal);
        foreach (var form in new[] { "password", "password_wo" })
        {
            place.Write(Instance($"{form} = \"short-1\""));
            var refused = await place.PlanAsync();
            Assert.StartsWith($"{form}: the value is not allowed", Assert.Single(refused.Errors).Detail, StringComparison.Ordinal);
            Assert.DoesNotContain("short-1", refused.Text, StringComparison.Ordinal);
        }
    }

    private static string Instance(string more) => $$"""
        resource "pgfleet_database_instance" "main" {
          name                = "main"
          username            = "shopkeeper"
          deletion_protection = false
          {{more}}
        }
        """;
}
