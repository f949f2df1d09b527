namespace PgFleet.EndToEnd.Terraform;

/// <summary>Applications with migrations, deployed by Terraform.</summary>
public sealed class ApplicationTests
{
    private const string Connected = "instance_connection = pgfleet_database_instance.main.connection_uri";
    private const string Migration = "psql -qc 'create table if not exists orders (id int)'";

    private const string Notes = "select count(*) from pg_attribute where attrelid = 'orders'::regclass and attname = 'note'";

    [TerraformFact]
    [Trait("Requirement", "R13")]
    [Trait("Requirement", "R26")]
    [Trait("Requirement", "R28")]
    public async Task An_application_is_deployed_changed_in_place_and_moved_to_a_restored_server_with_the_version_of_that_instant()
    {
        await using var place = new TerraformPlace();
        var app = new AppFolder(place.Work, Migration);
        place.Write(TerraformPlace.Instance() + TerraformPlace.Application(Connected));
        var planned = (await place.PlannedAsync("pgfleet_application.shop")).GetProperty("after");
        Assert.Equal("shop_app", planned.GetProperty("database").GetString());
        await place.AppliedAsync();
        Assert.Equal(planned.GetProperty("source_hash").GetString(), Attribute(place, "source_hash"));
        await place.SettledAsync();
        var (uri, first) = (place.Uri("pgfleet_application.shop"), Attribute(place, "version"));
        await Workplace.ScalarAsync(uri, "insert into orders values (1)");
        var before = (string)(await Workplace.ScalarAsync(uri, "select now()::text"))!;

        app.Migrate(Migration, "psql -qc 'alter table orders add column note text'");
        var change = await place.PlannedAsync("pgfleet_application.shop");
        Assert.Equal("update", Assert.Single(change.GetProperty("actions").EnumerateArray()).GetString());
        Assert.Equal(Attribute(place, "source_hash"), change.GetProperty("before").GetProperty("source_hash").GetString());
        var hash = change.GetProperty("after").GetProperty("source_hash").GetString();
        Assert.Equal(["update pgfleet_application.shop"], (await place.AppliedAsync()).Done);
        Assert.Equal(hash, Attribute(place, "source_hash"));
        Assert.Equal(1L, await Workplace.ScalarAsync(uri, Notes));

        place.Write(TerraformPlace.Instance() + TerraformPlace.Restored(before) + TerraformPlace.Application(
            "previous_version = data.pgfleet_application_versions.then.active\n instance_connection = pgfleet_restored_instance.undone.connection_uri",
            "pgfleet_restored_instance.undone.id") + $$"""

            data "pgfleet_application_versions" "then" {
              application = "shop-app"
              at          = "{{before}}"
            }
            """);
        Assert.Equal(["create pgfleet_restored_instance.undone", "update pgfleet_application.shop"], (await place.AppliedAsync()).Done);
        Assert.Equal(first, Attribute(place, "previous_version"));
        Assert.Equal(planned.GetProperty("source_hash").GetString(), Attribute(place, "source_hash"));
        Assert.Equal(0L, await Workplace.ScalarAsync(place.Uri("pgfleet_application.shop"), Notes));
        await place.SettledAsync();

        place.Write(TerraformPlace.Instance() + TerraformPlace.Restored(before));
        Assert.Equal(["delete pgfleet_application.shop"], (await place.AppliedAsync()).Done);
        Assert.Equal(1L, await place.QueryAsync("pgfleet_restored_instance.undone", "select count(*) from orders", "shop_app"));
    }

    [TerraformFact]
    [Trait("Requirement", "R15")]
    public async Task A_migration_that_fails_taints_what_was_begun_and_says_in_terraform_s_words_what_to_go_back_to()
    {
        await using var place = new TerraformPlace();
        var app = new AppFolder(place.Work, "psql -c 'create table oops (\"createdAt\" nonsense)'");
        place.Write(TerraformPlace.Instance() + TerraformPlace.Application());
        var failed = await place.ApplyAsync();
        var told = Assert.Single(failed.Errors).Detail;
        Assert.All(["command: psql -c 'create table oops (\"createdAt\"", "type \"nonsense\" does not exist", "restore_time: \"20"], part => Assert.Contains(part, told, StringComparison.Ordinal));
        Assert.True(place.IsTainted("pgfleet_application.shop"), failed.Text);

        // No deploy has succeeded yet, so there is nothing to destroy.
        app.Migrate(Migration);
        Assert.Equal(["create pgfleet_application.shop"], (await place.AppliedAsync()).Done);
        Assert.Equal(0L, await place.QueryAsync("pgfleet_database_instance.main", "select count(*) from orders", "shop_app"));
        await place.SettledAsync();

        app.Migrate(Migration, "psql -qc 'alter table orders add column \"unitPrice\" int'");
        await place.AppliedAsync();
        app.Migrate("psql -qc 'alter table orders drop column \"unitPrice\"'");
        Assert.Contains((await place.AppliedAsync()).Warnings, warning => warning.Detail.Contains("public.orders.unitPrice is gone", StringComparison.Ordinal));

        // A failed update keeps the recorded state, so that it is planned again.
        var version = Attribute(place, "version");
        app.Migrate("exit 3");
        Assert.Contains("exit code: 3", Assert.Single((await place.ApplyAsync()).Errors).Detail, StringComparison.Ordinal);
        Assert.Equal(version, Attribute(place, "version"));
        Assert.Equal("update", (await place.PlanAsync()).Changes["pgfleet_application.shop"]);
    }

    [TerraformFact]
    [Trait("Requirement", "R1")]
    public async Task What_cannot_be_deployed_is_refused_at_plan_with_its_line()
    {
        await using var place = new TerraformPlace();
        var app = new AppFolder(place.Work);
        place.Write(TerraformPlace.Application(instance: "\"nowhere\"") + TerraformPlace.Application("previous_version = \"some\"", "\"nowhere\"").Replace("\"shop\"", "\"then\"", StringComparison.Ordinal));
        var told = (await place.PlanAsync()).Errors;
        Points("instance ", "Instance \"nowhere\" does not exist");
        Points("previous_version", "It was never deployed: leave previous_version out");

        app.Write("dbos-config.yaml", "database:\n  app_db_name: Shop\n");
        place.Write(TerraformPlace.Application(instance: "\"nowhere\""));
        told = (await place.PlanAsync()).Errors;
        Points("directory ", "dbos-config.yaml:2: database.app_db_name specifies invalid app_db_name \"Shop\"");

        void Points(string code, string text) =>
            Assert.Contains(told, error => error.Code?.Contains(code, StringComparison.Ordinal) == true && error.Detail.Contains(text, StringComparison.Ordinal));
    }

    private static string Attribute(TerraformPlace place, string name) => place.Recorded("pgfleet_application.shop").GetProperty(name).GetString()!;
}
