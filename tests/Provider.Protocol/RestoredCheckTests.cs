namespace PgFleet.Protocol;

public sealed class RestoredCheckTests(AskedProvider asked) : IClassFixture<AskedProvider>
{
    private const string Type = "pgfleet:index:RestoredInstance";

    private const string Declared = """{"name": "undone", "sourceInstance": "main", "restoreTime": "2026-03-01T12:00:00Z", "deletionProtection": false}""";

    [Fact]
    [Trait("Requirement", "R23")]
    public async Task A_source_and_an_instant_are_required_and_a_name_is_made_up()
    {
        var check = await asked.Process.Client.CheckAsync(Wire.Check(Type, "{}"));
        Assert.Equal(["restoreTime", "sourceInstance"], check.Failures.Select(failure => failure.Property).Order(StringComparer.Ordinal));
        Assert.Matches("^main_[0-9a-f]{7}$", check.Inputs.Text("name"));
    }

    [Theory]
    [Trait("Requirement", "R23")]
    [InlineData("name", "another")]
    [InlineData("sourceInstance", "other")]
    [InlineData("restoreTime", "2026-03-01T12:00:01Z")]
    public async Task Another_source_instant_or_name_is_another_server(string property, string value)
    {
        var (olds, news) = (Wire.Struct(Declared), Wire.Struct(Declared));
        news.Fields[property].StringValue = value;
        var diff = await asked.Process.Client.DiffAsync(new() { Id = "undone", Urn = Wire.Urn(Type, "main"), Type = Type, Olds = olds, OldInputs = olds, News = news });
        Assert.Equal([property], diff.Replaces);
    }
}
