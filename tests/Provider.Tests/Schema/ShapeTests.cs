using System.Text.Json.Serialization;
using PgFleet.Schema;
using static PgFleet.Tests.Schema.Written;

namespace PgFleet.Tests.Schema;

public sealed class ShapeTests
{
    [Fact]
    public void Reads_what_a_property_declares()
    {
        var name = Sample.Shape["name"]!;
        var address = Sample.Shape["address"]!;
        var backup = Sample.Shape["backup"]!;

        Assert.Equal(
            ("The name.", Kind.String, true, false, true, true, true, "name"),
            (name.Description, name.Kind, name.Input, name.Required, name.Replaces, name.OptionalComputed, name.AutoNamed, name.ExclusiveGroup));
        Assert.Equal((false, true), (address.Input, address.Required));
        Assert.Equal(["name", "port"], address.DependsOn);
        Assert.Equal((Kind.Object, "SampleBackup"), (backup.Kind, backup.TypeName));
        Assert.Equal(["retention", "directory", "copies"], backup.Fields.Select(field => field.Name));
        Assert.Equal(new StringValue("available"), Sample.Shape["status"]!.ExpectedValue);
        Assert.False(Sample.Shape["note"]!.Required);
    }

    [Fact]
    public void Knows_a_secret_by_its_type()
    {
        Assert.Equal((Kind.String, "a text", true), (Sample.Shape["password"]!.Kind, Sample.Shape["password"]!.Expected, Sample.Shape["password"]!.Secret));
        Assert.Equal(["password"], Sample.Shape.Fields.Where(field => field.Secret).Select(field => field.Name));
    }

    [Theory]
    [InlineData("port", nameof(Kind.Integer))]
    [InlineData("budget", nameof(Kind.Integer))]
    [InlineData("share", nameof(Kind.Number))]
    [InlineData("deletionProtection", nameof(Kind.Boolean))]
    [InlineData("encoding", nameof(Kind.String))]
    [InlineData("createdAt", nameof(Kind.String))]
    [InlineData("listenAddresses", nameof(Kind.List))]
    [InlineData("tags", nameof(Kind.List))]
    [InlineData("parameters", nameof(Kind.Map))]
    [InlineData("extensions", nameof(Kind.Map))]
    public void Knows_how_each_type_travels(string name, string kind) => Assert.Equal(kind, Sample.Shape[name]!.Kind.ToString());

    [Fact]
    public void Lets_a_function_answer_with_the_name_it_was_asked_by()
    {
        var shape = ResourceSchema.OfFunction(SampleContext.Default.SampleQuery, SampleContext.Default.SampleAnswer);

        Assert.True(shape["name"]!.Input);
        Assert.Equal(Kind.Object, shape["found"]!.Element!.Kind);
    }

    [Fact]
    public void Refuses_a_resource_whose_inputs_and_outputs_share_a_name() =>
        Assert.Equal(
            "\"name\" stands on SampleQuery and on SampleAnswer: declare it on one of them.",
            Assert.Throws<ArgumentException>(() => ResourceSchema.Of(SampleContext.Default.SampleQuery, SampleContext.Default.SampleAnswer)).Message);

    [Fact]
    public void Refuses_an_output_that_follows_nothing_there_is() =>
        Assert.Equal(
            "\"uri\" of Follower follows \"nowhere\", which SampleQuery does not declare.",
            Assert.Throws<ArgumentException>(() => ResourceSchema.Of(SampleContext.Default.SampleQuery, MisdeclaredContext.Default.Follower)).Message);

    [Fact]
    public void Refuses_an_input_that_would_come_as_zero_when_omitted() =>
        Assert.Equal(
            "\"limit\" of Zero may be omitted, so it is nullable or has a [DefaultValue].",
            Assert.Throws<ArgumentException>(() => ResourceSchema.OfConfiguration(MisdeclaredContext.Default.Zero)).Message);

    [Theory]
    [InlineData("parameters", "16MB", "16384kB", true)]
    [InlineData("parameters", "16MB", "16mb", false)]
    [InlineData("parameters", "1min", "60s", true)]
    [InlineData("parameters", "1.5GB", "1536MB", true)]
    [InlineData("parameters", "010MB", "10MB", false)]
    [InlineData("parameters", "0kB", "0s", false)]
    [InlineData("parameters", "ON", "yes", true)]
    [InlineData("parameters", true, "on", true)]
    [InlineData("parameters", "off", false, true)]
    [InlineData("parameters", 100, "100", true)]
    [InlineData("parameters", "A", "a", false)]
    [InlineData("encoding", "utf8", "UTF-8", true)]
    [InlineData("encoding", "Unicode", "UTF8", true)]
    [InlineData("encoding", "latin1", "ISO-8859-1", true)]
    [InlineData("encoding", "latin1", "latin9", false)]
    [InlineData("createdAt", "2026-01-31T12:00:00Z", "2026-01-31T13:00:00.000+01:00", true)]
    [InlineData("createdAt", "2026-01-31T12:00:00Z", "2026-01-31T12:00:01Z", false)]
    [InlineData("port", 5432, "5432", true)]
    [InlineData("deletionProtection", true, "true", true)]
    public void Compares_by_meaning(string name, object left, object right, bool same)
    {
        var field = Sample.Shape[name]!;
        field = field.Kind == Kind.Map ? field.Element! : field;

        Assert.Equal(same, field.Same(Of(left), Of(right)));
        Assert.Equal(same, field.Same(Of(right), Of(left)));
    }

    [Theory]
    [InlineData("24h", 86400)]
    [InlineData("90m", 5400)]
    [InlineData("1h30m", 5400)]
    [InlineData("2d", 172800)]
    [InlineData("60s", 60)]
    [InlineData("0s", null)]
    [InlineData("", null)]
    [InlineData("1m1h", null)]
    [InlineData("24", null)]
    [InlineData("-1h", null)]
    [InlineData("1.5h", null)]
    [InlineData("99999999d", null)]
    public void Reads_a_length_of_time(string text, int? seconds) =>
        Assert.Equal(seconds, PgFleet.Schema.Types.Duration.Parse(text)?.Length.TotalSeconds);
}

internal sealed record Follower
{
    [DependsOn("Nowhere")]
    public required string Uri { get; init; }
}

internal sealed record Zero
{
    public int Limit { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Follower))]
[JsonSerializable(typeof(Zero))]
internal sealed partial class MisdeclaredContext : JsonSerializerContext;
