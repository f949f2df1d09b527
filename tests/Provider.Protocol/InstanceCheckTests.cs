using Pulumirpc;
using Mode = Pulumirpc.CheckRequest.Types.AutonamingOptions.Types.Mode;

namespace PgFleet.Protocol;

public sealed class InstanceCheckTests(AskedProvider asked) : IClassFixture<AskedProvider>
{
    private readonly ProviderProcess provider = asked.Process;

    [Theory]
    [Trait("Requirement", "R3")]
    [InlineData("ab", false)]
    [InlineData("abc", true)]
    [InlineData("abcdefghijklmnop", true)]
    [InlineData("abcdefghijklmnopq", false)]
    [InlineData("1ab", true)]
    [InlineData("_ab", true)]
    [InlineData("Abc", false)]
    [InlineData("a-b", false)]
    [InlineData("a.b", false)]
    [InlineData("a b", false)]
    [InlineData("äbc", false)]
    [InlineData("abc\\n", false)]
    [InlineData("postgres", true)]
    public Task A_name_has_3_to_16_lower_case_letters_digits_and_underscores(string name, bool passes) =>
        AssertAsync($$"""{"name": "{{name}}", "username": "shopkeeper", "password": "longenough"}""", "name", passes);

    [Theory]
    [Trait("Requirement", "R3")]
    [Trait("Requirement", "R4")]
    [Trait("Requirement", "R5")]
    [InlineData("ab", false)]
    [InlineData("abc", true)]
    [InlineData("abcdefghijklmnop", true)]
    [InlineData("abcdefghijklmnopq", false)]
    [InlineData("1ab", false)]
    [InlineData("_ab", false)]
    [InlineData("a1_", true)]
    [InlineData("Abc", false)]
    [InlineData("dbosadmin", false)]
    [InlineData("dbos", false)]
    [InlineData("postgres", false)]
    [InlineData("admin", false)]
    [InlineData("dbos1", true)]
    [InlineData("admins", true)]
    public Task A_username_starts_with_a_letter_and_is_not_reserved(string username, bool passes) =>
        AssertAsync($$"""{"name": "main", "username": "{{username}}", "password": "longenough"}""", "username", passes);

    [Theory]
    [Trait("Requirement", "R6")]
    [InlineData("1234567", false)]
    [InlineData("12345678", true)]
    [InlineData("with/slash", false)]
    [InlineData("with\\\"quote", false)]
    [InlineData("with@at-sign", false)]
    [InlineData("with'apostrophe", false)]
    [InlineData("with space", false)]
    [InlineData("with\\ttab", false)]
    [InlineData("with\\nnewline", false)]
    [InlineData("with\\u00a0nbsp", false)]
    [InlineData("with\\\\backslash", true)]
    [InlineData("pässwörd", true)]
    public async Task A_password_has_8_to_128_characters_of_the_allowed_ones_and_is_never_repeated(string password, bool passes)
    {
        var check = await CheckAsync($$"""{"name": "main", "username": "shopkeeper", "password": {{Wire.Secret($"\"{password}\"")}}}""");
        Assert.Equal(passes, check.Failures.Count == 0);
        Assert.All(check.Failures, failure =>
        {
            // The engine would print the value of the property that a failure names.
            Assert.Equal("", failure.Property);
            Assert.StartsWith("password: ", failure.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain(password, failure.Reason, StringComparison.Ordinal);
        });
    }

    [Theory]
    [Trait("Requirement", "R6")]
    [InlineData(128, true)]
    [InlineData(129, false)]
    public async Task A_password_s_length_is_counted_in_characters(int length, bool passes)
    {
        var check = await CheckAsync($$"""{"name": "main", "username": "shopkeeper", "password": "{{new string('ö', length)}}"}""");
        Assert.Equal(passes, check.Failures.Count == 0);
    }

    [Fact]
    [Trait("Requirement", "R2")]
    public async Task Username_and_password_are_required_and_all_problems_come_at_once()
    {
        var check = await CheckAsync("""{"name": "No Name", "port": 80, "parameters": {"fsync": "off"}, "prt": 1}""");
        Assert.Equal(["", "name", "port", "prt", "username"], check.Failures.Select(failure => failure.Property).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("""{"parameters": {"archive_command": "true"}}""", "parameters[\"archive_command\"]")]
    [InlineData("""{"parameters": {"PORT": 1}}""", "parameters[\"PORT\"]")]
    [InlineData("""{"parameters": {"hba_file": "x"}}""", "parameters[\"hba_file\"]")]
    [InlineData("""{"parameters": {"ssl_ciphers": "x"}}""", "parameters[\"ssl_ciphers\"]")]
    [InlineData("""{"listenAddresses": ["0.0.0.0"]}""", "clientNetworks")]
    [InlineData("""{"listenAddresses": []}""", "listenAddresses")]
    [InlineData("""{"listenAddresses": ["127.0.0.1", "localhost"]}""", "listenAddresses[1]")]
    [InlineData("""{"clientNetworks": ["10.0.0.1/8"]}""", "clientNetworks[0]")]
    [InlineData("""{"backup": {"retention": "soon"}}""", "backup.retention")]
    [InlineData("""{"backup": {"archiveTimeout": "1500ms"}}""", "backup.archiveTimeout")]
    [InlineData("""{"backup": {"directory": "relative"}}""", "backup.directory")]
    [InlineData("""{"backup": {"retain": "24h"}}""", "backup.retain")]
    [InlineData("""{"postgresVersion": "15.3"}""", "postgresVersion")]
    [InlineData("""{"port": 1023}""", "port")]
    [InlineData("""{"port": 65536}""", "port")]
    [InlineData("""{"port": 5432.5}""", "port")]
    public async Task A_failure_names_the_property_as_the_user_wrote_it(string more, string path)
    {
        var news = Wire.Struct(more);
        news.MergeFrom(Wire.Struct("""{"name": "main", "username": "shopkeeper", "password": "longenough"}"""));
        var check = await provider.Client.CheckAsync(new() { Type = Wire.Instance, Urn = Wire.Urn(Wire.Instance, "main"), News = news, Olds = new() });
        Assert.Equal(path, Assert.Single(check.Failures).Property);
    }

    [Fact]
    public async Task Defaults_are_filled_in_and_what_the_user_wrote_stays_as_it_is()
    {
        var check = await CheckAsync("""{"name": "main", "username": "shopkeeper", "password": "longenough", "port": "5433", "postgresVersion": 15, "parameters": {"work_mem": "16MB", "max_connections": 50}}""");
        Assert.Empty(check.Failures);
        Assert.Equal("5433", check.Inputs.Fields["port"].StringValue);
        Assert.Equal(15, check.Inputs.Fields["postgresVersion"].NumberValue);
        Assert.Equal(50, check.Inputs.Fields["parameters"].StructValue.Fields["max_connections"].NumberValue);
        Assert.True(check.Inputs.Fields["deletionProtection"].BoolValue);
        Assert.Equal("24h", check.Inputs.Fields["backup"].StructValue.Text("retention"));
        Assert.Equal("127.0.0.1", check.Inputs.Fields["listenAddresses"].ListValue.Values.Single().StringValue);
    }

    [Fact]
    public async Task An_omitted_name_is_made_of_the_resource_s_and_kept_and_another_seed_gives_another()
    {
        const string news = """{"username": "shopkeeper", "password": "longenough"}""";
        var first = await provider.Client.CheckAsync(Wire.Check(Wire.Instance, news, name: "My-Server.Main"));
        Assert.Matches("^my_serve_[0-9a-f]{7}$", first.Inputs.Text("name"));
        var again = await provider.Client.CheckAsync(Wire.Check(Wire.Instance, news, name: "My-Server.Main", olds: first.Inputs.ToString(), seed: 8));
        Assert.Equal(first.Inputs, again.Inputs);
        var replacement = await provider.Client.CheckAsync(Wire.Check(Wire.Instance, news, name: "My-Server.Main", seed: 8));
        Assert.NotEqual(first.Inputs.Text("name"), replacement.Inputs.Text("name"));
    }

    [Theory]
    [InlineData(Mode.Enforce, "chosen_1", "chosen_1")]
    [InlineData(Mode.Propose, "proposed", "proposed")]
    [InlineData(Mode.Propose, "Not-Allowed", null)]
    [InlineData(Mode.Disable, "", null)]
    public async Task A_configured_name_is_taken_or_is_a_failure(Mode mode, string proposed, string? expected)
    {
        var request = Wire.Check(Wire.Instance, """{"username": "shopkeeper", "password": "longenough"}""");
        request.Autonaming = new() { Mode = mode, ProposedName = proposed };
        var check = await provider.Client.CheckAsync(request);
        if (expected is null)
        {
            Assert.Equal("name", Assert.Single(check.Failures).Property);
        }
        else
        {
            Assert.Equal(expected, check.Inputs.Text("name"));
        }
    }

    [Fact]
    public async Task Unknown_values_are_not_judged_and_secrets_stay_wrapped()
    {
        var check = await CheckAsync($$"""{"name": "{{Wire.Unknown}}", "username": {{Wire.Secret("\"shopkeeper\"")}}, "password": {{Wire.Secret($"\"{Wire.Unknown}\"")}}}""");
        Assert.Empty(check.Failures);
        Assert.Equal(Wire.Unknown, check.Inputs.Fields["name"].StringValue);
        Assert.True(check.Inputs.Fields["username"].IsSecret());
        Assert.True(check.Inputs.Fields["password"].IsSecret());
    }

    [Fact]
    [Trait("Requirement", "R32")]
    public async Task A_protected_server_is_not_replaced_not_even_when_protection_goes_in_the_same_step()
    {
        const string olds = """{"name": "main", "username": "shopkeeper", "password": "longenough", "deletionProtection": true}""";
        var check = await provider.Client.CheckAsync(Wire.Check(
            Wire.Instance, """{"name": "other", "username": "shopkeeper", "password": "longenough", "deletionProtection": false}""", olds));
        Assert.Contains("protected", Assert.Single(check.Failures).Reason, StringComparison.Ordinal);
        var inPlace = await provider.Client.CheckAsync(Wire.Check(
            Wire.Instance, """{"name": "main", "username": "keeper", "password": "longenough", "deletionProtection": false}""", olds));
        Assert.Empty(inPlace.Failures);
    }

    private async Task<CheckResponse> CheckAsync(string news) => await provider.Client.CheckAsync(Wire.Check(Wire.Instance, news));

    private async Task AssertAsync(string news, string property, bool passes)
    {
        var check = await CheckAsync(news);
        Assert.Equal(passes ? [] : [property], check.Failures.Select(failure => failure.Property).Distinct());
    }
}
