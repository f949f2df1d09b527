namespace PgFleet.EndToEnd.Terraform;

public sealed class ValidationTests
{
    [TerraformFact]
    public async Task An_error_points_at_the_line_and_says_what_to_write()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance("""
              port           = 80
              client_networks = ["10.0.0.0/8", null]
              parameters     = { port = "5432" }
              backup         = { retention = "two days" }
              timeouts       = { create = "soon" }
            """) + TerraformPlace.Restored("2026-11-22T10:00:00", source: "\"main\"") + """

            resource "pgfleet_database" "orders" {
              instance   = "main"
              name       = "template1"
              extensions = { pgcrypto = null }
            }
            """);
        var told = (await place.PlanAsync()).Errors;
        Points("port           = 80", "write a number from 1024 to 65535");
        Points("client_networks", "client_networks[1]: is null");
        Points("backup         =", "backup.retention: \"two days\" does not fit");
        Points("timeouts", "timeouts.create: \"soon\" does not fit");
        Points("restore_time", "has no zone");
        Points("name       = \"template1\"", "is reserved");
        Points("extensions", "extensions[\"pgcrypto\"]: is null");
        Assert.Equal(7, told.Count);

        place.Write(TerraformPlace.Instance("parameters = { port = \"5432\" }") + TerraformPlace.Database("orders", "icu_locale = \"de\"", "\"main\""));
        told = (await place.PlanAsync()).Errors;
        Points("parameters", "parameters[\"port\"]");
        Points("icu_locale", "set locale_provider to \"icu\"");

        void Points(string code, string text) =>
            Assert.Contains(told, error => error.Code?.Contains(code, StringComparison.Ordinal) == true && error.Detail.Contains(text, StringComparison.Ordinal));
    }

    [TerraformFact]
    [Trait("Requirement", "R1")]
    public async Task What_the_world_would_refuse_is_told_at_plan()
    {
        await using var place = new TerraformPlace();
        place.Write(TerraformPlace.Instance("parameters = { work_mem = \"lots\" }") + TerraformPlace.Database("stock", instance: "\"nowhere\"") + """

            data "pgfleet_instance" "man" {
              name = "man"
            }
            """);
        var told = (await place.PlanAsync()).Errors;
        Assert.Contains(told, error => error.Detail.Contains("Instance \"nowhere\" does not exist", StringComparison.Ordinal) && error.Code!.Contains("\"nowhere\"", StringComparison.Ordinal));
        Assert.Contains(told, error => error.Detail.Contains("There is no instance \"man\". This fleet has none yet.", StringComparison.Ordinal));
        Assert.Contains(told, error => error.Detail.Contains("PostgreSQL 15", StringComparison.Ordinal) && error.Code!.Contains("work_mem", StringComparison.Ordinal));
        Assert.False(Directory.Exists(place.Work.Home));
    }
}
