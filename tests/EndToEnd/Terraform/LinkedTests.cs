namespace PgFleet.EndToEnd.Terraform;

/// <summary>A linked server: one of another fleet.</summary>
public sealed class LinkedTests : IAsyncLifetime
{
    private const string Rotated = "rotated-by-others-8e07";

    private readonly TerraformPlace others = new();
    private readonly TerraformPlace place = new();

    public async ValueTask InitializeAsync()
    {
        others.Write(TerraformPlace.Instance());
        await others.AppliedAsync();
        await File.WriteAllTextAsync(Path.Combine(place.Work.Project, "ca.pem"), others.Recorded("pgfleet_database_instance.main").GetProperty("ca_certificate").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        await place.DisposeAsync();
        await others.DisposeAsync();
    }

    [TerraformFact]
    [Trait("Requirement", "R11")]
    public async Task A_linked_server_whose_password_is_write_only_is_used_changed_and_forgotten_and_no_state_has_the_password()
    {
        place.Write(Legacy("admin_password_wo = var.secret\n admin_password_wo_version = 1") + Orders);
        Assert.Equal(2, TerraformPlace.Succeeded(await place.PlanAsync()).Changes.Count);
        Assert.False(Directory.Exists(place.Work.Home));
        await place.AppliedAsync();
        Assert.Equal("8MB", await Workplace.ScalarAsync(place.Uri("pgfleet_database.orders"), "show work_mem", place.Password));
        await place.SettledAsync();
        TerraformPlace.Succeeded(await place.ApplyAsync("-refresh-only"));
        Assert.DoesNotContain(place.Password, place.State, StringComparison.Ordinal);

        // The write-only password is passed only when its version changes: here the recorded one is used.
        (others.Password, place.Password) = (Rotated, "never-looked-at-1");
        place.Write(Legacy("admin_password_wo = var.secret\n admin_password_wo_version = 1\n ssl_mode = \"verify-ca\"") + Orders);
        Assert.Equal(["update pgfleet_linked_instance.legacy"], (await place.AppliedAsync()).Done);
        Assert.Contains("sslmode=verify-ca", place.Uri("pgfleet_linked_instance.legacy"), StringComparison.Ordinal);
        await place.SettledAsync();

        await others.AppliedAsync();
        Assert.Equal("unreachable", (await StatusAsync()).Trim());
        place.Password = Rotated;
        place.Write(Legacy("admin_password_wo = var.secret\n admin_password_wo_version = 2\n ssl_mode = \"verify-ca\"") + Orders);
        Assert.Equal(["update pgfleet_linked_instance.legacy"], (await place.AppliedAsync()).Done);
        await place.SettledAsync();
        Assert.DoesNotContain(Rotated, place.State, StringComparison.Ordinal);

        var program = Legacy("admin_password_wo = var.secret\n admin_password_wo_version = 2\n ssl_mode = \"verify-ca\"") + Orders;
        place.Write(program + TerraformPlace.Restored("latest", source: "pgfleet_linked_instance.legacy.id"));
        Assert.Contains((await place.PlanAsync()).Errors, error =>
            error.Detail.Contains("recovery is not available for linked servers", StringComparison.Ordinal) && error.Code!.Contains("source_instance", StringComparison.Ordinal));

        place.Write(program);
        Assert.Equal(["delete pgfleet_database.orders", "delete pgfleet_linked_instance.legacy"], TerraformPlace.Succeeded(await place.DestroyAsync()).Done);
        Assert.Equal(0L, await others.QueryAsync("pgfleet_database_instance.main", "select count(*) from pg_database where datname = 'orders'", "postgres"));
        Assert.Equal("This fleet has no servers.\n", (await place.Work.PgFleetAsync("list")).Out);
    }

    [TerraformFact]
    public async Task A_linked_server_and_an_application_on_it_are_imported_by_id_and_by_blocks_without_the_password()
    {
        _ = new AppFolder(place.Work, "psql -qc 'create table if not exists made ()'");
        var program = Legacy("admin_password = var.password") + TerraformPlace.Application("instance_connection = pgfleet_linked_instance.legacy.connection_uri", "pgfleet_linked_instance.legacy.id");
        place.Write(program);
        await place.AppliedAsync();
        await place.SettledAsync();
        place.Forget();

        var taken = await place.PlanAsync();
        Assert.Contains(taken.Errors, error => error.Detail.Contains("terraform import pgfleet_linked_instance.NAME legacy", StringComparison.Ordinal));
        TerraformPlace.Succeeded(await place.RunAsync("import", "pgfleet_linked_instance.legacy", "legacy"));
        TerraformPlace.Succeeded(await place.RunAsync("import", "pgfleet_application.shop", "shop-app"));
        Assert.DoesNotContain(place.Password, place.State, StringComparison.Ordinal);
        // Secrets are set again; that changes neither the server nor the application.
        var version = place.Recorded("pgfleet_application.shop").GetProperty("version").GetString();
        Assert.All((await place.AppliedAsync()).Changes.Values, action => Assert.Equal("update", action));
        Assert.Equal(version, place.Recorded("pgfleet_application.shop").GetProperty("version").GetString());
        await place.SettledAsync();

        place.Forget();
        await place.GenerateAsync("admin_password", ("pgfleet_linked_instance.legacy", "legacy"), ("pgfleet_application.shop", "shop-app"));
        var up = await place.AppliedAsync();
        Assert.DoesNotContain("replace", up.Changes.Values);
        Assert.Equal("pgfleet_linked_instance.legacy", Assert.Single(up.Changes, change => change.Value == "update").Key);
        await place.SettledAsync();
    }

    [TerraformFact]
    public async Task The_example_s_database_comes_up_on_a_hosted_server_as_shown()
    {
        place.CopyExample("linked", "main.tf");
        string[] variables = ["-var", "host=127.0.0.1", "-var", $"port={Port}", "-var", "admin_username=shopkeeper", "-var", "ca_file=ca.pem"];
        await place.AppliedAsync(variables);
        await place.SettledAsync(variables);
        Assert.DoesNotContain(place.Password, place.State, StringComparison.Ordinal);
        Assert.Equal("Europe/Helsinki", await Workplace.ScalarAsync(place.Uri("pgfleet_database.orders"), "show timezone", place.Password));
    }

    private int Port => others.Recorded("pgfleet_database_instance.main").GetProperty("port").GetInt32();

    private string Legacy(string more) => $$"""
        resource "pgfleet_linked_instance" "legacy" {
          name           = "legacy"
          host           = "127.0.0.1"
          port           = {{Port}}
          admin_username = "shopkeeper"
          ca_certificate = file("ca.pem")
          {{more}}
        }
        """;

    private static string Orders => TerraformPlace.Database("orders", "settings = { work_mem = \"8MB\" }", "pgfleet_linked_instance.legacy.id");

    private async Task<string> StatusAsync()
    {
        TerraformPlace.Succeeded(await place.ApplyAsync("-refresh-only"));
        return place.Recorded("pgfleet_linked_instance.legacy").GetProperty("status").GetString()!;
    }
}
