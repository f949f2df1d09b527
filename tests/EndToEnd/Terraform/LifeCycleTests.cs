using System.Globalization;

namespace PgFleet.EndToEnd.Terraform;

/// <summary>A user's operations with Terraform, on real servers.</summary>
public sealed class LifeCycleTests
{
    private const string Look = """

        data "pgfleet_instances" "all" {
          depends_on = [pgfleet_database.orders]
        }
        data "pgfleet_instance" "main" {
          name       = pgfleet_database_instance.main.id
          depends_on = [pgfleet_database.orders]
        }
        data "pgfleet_recovery_window" "main" {
          name = pgfleet_database_instance.main.id
        }
        output "names" {
          value = data.pgfleet_instances.all.instances[*].name
        }
        output "status" {
          value = data.pgfleet_instance.main.status
        }
        output "latest" {
          value = data.pgfleet_recovery_window.main.latest
        }
        """;

    [TerraformFact]
    [Trait("Requirement", "R7")]
    [Trait("Requirement", "R8")]
    public async Task A_plan_makes_nothing_an_apply_makes_all_and_a_second_plan_is_empty_whatever_the_spelling()
    {
        await using var place = new TerraformPlace();
        var database = TerraformPlace.Database("orders", "encoding = \"UTF8\"\n settings = { statement_timeout = \"1min\" }\n instance_connection = pgfleet_database_instance.main.connection_uri");
        place.Write(TerraformPlace.Instance("parameters = { work_mem = \"8MB\" }\n backup = { retention = \"48h\" }") + database);
        var plan = TerraformPlace.Succeeded(await place.PlanAsync());
        Assert.Equal(["create", "create"], plan.Changes.Values);
        Assert.False(Directory.Exists(place.Work.Home));

        var made = await place.AppliedAsync();
        Assert.Equal(["create pgfleet_database_instance.main", "create pgfleet_database.orders"], made.Done);
        Assert.Equal("60s", place.Recorded("pgfleet_database_instance.main").GetProperty("backup").GetProperty("archive_timeout").GetString());
        Assert.Equal("main/orders", place.Recorded("pgfleet_database.orders").GetProperty("id").GetString());
        Assert.Equal("8MB", await Workplace.ScalarAsync(place.Uri("pgfleet_database.orders"), "show work_mem"));
        await place.SettledAsync();

        place.Write(TerraformPlace.Instance("parameters = { work_mem = \"8192kB\" }\n backup = { retention = \"2d\" }")
            + database.Replace("UTF8", "utf-8", StringComparison.Ordinal).Replace("1min", "60s", StringComparison.Ordinal));
        await place.SettledAsync();

        place.Write(TerraformPlace.Instance("parameters = { work_mem = \"16MB\" }\n timeouts = { update = \"5m\" }") + database + Look);
        var changed = await place.AppliedAsync();
        Assert.Equal("update", changed.Changes["pgfleet_database_instance.main"]);
        Assert.Equal("16MB", await Workplace.ScalarAsync(place.Uri("pgfleet_database.orders"), "show work_mem"));
        await place.SettledAsync();
        Assert.Contains("\"available\"", place.State, StringComparison.Ordinal);

        Assert.Equal(2, TerraformPlace.Succeeded(await place.DestroyAsync()).Done.Count);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(place.Work.Home, "instances")));
    }

    [TerraformFact]
    [Trait("Requirement", "R21")]
    public async Task What_was_deleted_by_mistake_is_restored_moved_over_and_the_original_goes()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders"));
        await place.AppliedAsync();
        await place.QueryAsync("pgfleet_database_instance.main", "create table lamps as select generate_series(1, 3) as id", "orders");
        var before = (DateTime)(await place.QueryAsync("pgfleet_database_instance.main", "select clock_timestamp()", "orders"))!;
        await place.QueryAsync("pgfleet_database_instance.main", "delete from lamps", "orders");

        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders") + TerraformPlace.Restored(Text(before.AddDays(-1))));
        var refused = await place.PlanAsync();
        Assert.Contains(refused.Errors, error => error.Detail.Contains("is too early", StringComparison.Ordinal) && error.Code!.Contains("restore_time", StringComparison.Ordinal));

        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders") + TerraformPlace.Restored(Text(before)));
        await place.AppliedAsync();
        Assert.Equal(3L, await place.QueryAsync("pgfleet_restored_instance.undone", "select count(*) from lamps", "orders"));
        Assert.Equal(0L, await place.QueryAsync("pgfleet_database_instance.main", "select count(*) from lamps", "orders"));
        await place.SettledAsync();
        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders") + TerraformPlace.Restored(before.AddHours(2).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'+02:00'", CultureInfo.InvariantCulture)));
        await place.SettledAsync();

        place.Write(TerraformPlace.Instance() + TerraformPlace.Database("orders", instance: "pgfleet_restored_instance.undone.id") + TerraformPlace.Restored(Text(before)));
        var moved = await place.AppliedAsync();
        Assert.Equal("replace", Assert.Single(moved.Changes).Value);
        Assert.Equal(3L, await Workplace.ScalarAsync(place.Uri("pgfleet_database.orders"), "select count(*) from lamps", place.Password));

        place.Write(TerraformPlace.Database("orders", instance: "pgfleet_restored_instance.undone.id") + TerraformPlace.Restored(Text(before), source: "\"main\""));
        Assert.Equal(["delete pgfleet_database_instance.main"], (await place.AppliedAsync()).Done);
        Assert.Equal(3L, await Workplace.ScalarAsync(place.Uri("pgfleet_database.orders"), "select count(*) from lamps", place.Password));
        await place.SettledAsync();
    }

    private static string Text(DateTime instant) => instant.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);
}
