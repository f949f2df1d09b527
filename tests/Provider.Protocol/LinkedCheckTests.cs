using System.Text.Json;
using Pulumirpc;

namespace PgFleet.Protocol;

public sealed class LinkedCheckTests(AskedProvider asked) : IClassFixture<AskedProvider>
{
    private readonly ProviderProcess provider = asked.Process;

    [Fact]
    public async Task What_is_left_out_is_verified_in_full_at_the_usual_port()
    {
        var check = await CheckAsync("""{"name": "legacy", "host": "db.example.com", "adminUsername": "master", "adminPassword": "any thing"}""");
        Assert.Empty(check.Failures);
        Assert.Equal((5432.0, "verify-full"), (check.Inputs.Fields["port"].NumberValue, check.Inputs.Text("sslMode")));
        Assert.True(check.Inputs.Fields["adminPassword"].IsSecret());
    }

    [Fact]
    public async Task Everything_that_is_missing_is_told_at_once() =>
        Assert.Equal(["", "adminUsername", "host"], (await CheckAsync("""{"name": "legacy"}""")).Failures.Select(failure => failure.Property).Order());

    [Theory]
    [InlineData("name", "Legacy")]
    [InlineData("host", "db.example.com:5432")]
    [InlineData("host", "a,b")]
    [InlineData("host", "/var/run/postgresql")]
    [InlineData("host", "postgresql://db.example.com")]
    [InlineData("host", "")]
    [InlineData("sslMode", "prefer")]
    [InlineData("adminUsername", "")]
    [InlineData("adminUsername", "a_role_whose_name_is_longer_than_the_63_bytes_that_postgres_keeps")]
    [InlineData("caCertificate", "/etc/ssl/ca.pem")]
    [InlineData("caCertificate", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----")]
    [InlineData("caCertificate", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")]
    public async Task What_cannot_be_is_refused_by_its_name(string property, string value)
    {
        var inputs = new Dictionary<string, object>
        {
            ["name"] = "legacy",
            ["host"] = "db.example.com",
            ["adminUsername"] = "master",
            ["adminPassword"] = "any thing",
            [property] = value,
        };
        Assert.Equal([property], (await CheckAsync(JsonSerializer.Serialize(inputs))).Failures.Select(failure => failure.Property).Distinct());
    }

    [Theory]
    [InlineData("::1")]
    [InlineData("192.0.2.7")]
    [InlineData("db.example.com")]
    public async Task A_host_is_a_name_or_an_address(string host) =>
        Assert.Empty((await CheckAsync($$"""{"name": "legacy", "host": "{{host}}", "adminUsername": "master", "adminPassword": "any thing"}""")).Failures);

    [Theory]
    [InlineData("require")]
    [InlineData("disable")]
    public async Task A_certificate_that_nobody_checks_against_is_refused(string mode)
    {
        var check = await CheckAsync($$"""{"name": "legacy", "host": "h", "adminUsername": "master", "adminPassword": "any thing", "sslMode": "{{mode}}", "caCertificate": "x"}""");
        Assert.Contains(check.Failures, failure => failure.Property == "caCertificate" && failure.Reason.Contains($"is not used with sslMode \"{mode}\"", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Requirement", "R10")]
    public async Task There_is_no_password_of_users_to_reset()
    {
        var failure = Assert.Single((await CheckAsync("""{"name": "legacy", "host": "h", "adminUsername": "master", "adminPassword": "any thing", "password": "s3cret-of-users"}""")).Failures);
        Assert.Contains("pgfleet resets no password on a linked server", failure.Reason, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret-of-users", failure.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("name", "\"other\"", true)]
    [InlineData("host", "\"elsewhere\"", false)]
    [InlineData("port", "6000", false)]
    [InlineData("adminUsername", "\"other\"", false)]
    [InlineData("adminPassword", "\"other\"", false)]
    [InlineData("sslMode", "\"require\"", false)]
    public async Task Another_name_is_another_link_and_all_else_changes_in_place(string property, string value, bool replaces)
    {
        const string State = """
            {"name": "legacy", "host": "h", "port": 5432, "adminUsername": "master", "adminPassword": "any thing", "sslMode": "verify-full",
             "status": "available", "serverVersion": "15.18", "connectionUri": "postgresql://h", "fleetId": "f"}
            """;
        var news = Wire.Struct("""{"name": "legacy", "host": "h", "port": 5432, "adminUsername": "master", "adminPassword": "any thing", "sslMode": "verify-full"}""");
        news.Fields[property] = Wire.Struct($$"""{"it": {{value}}}""").Fields["it"];
        var diff = await provider.Client.DiffAsync(new() { Id = "legacy", Urn = Wire.Urn(Linked, "legacy"), Type = Linked, Olds = Wire.Struct(State), News = news });
        Assert.Equal(DiffResponse.Types.DiffChanges.DiffSome, diff.Changes);
        Assert.Equal(replaces ? [property] : [], diff.Replaces);
    }

    private const string Linked = "pgfleet:index:LinkedInstance";

    private async Task<CheckResponse> CheckAsync(string news) => await provider.Client.CheckAsync(Wire.Check(Linked, news, name: "legacy"));
}
