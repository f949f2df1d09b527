using System.Text.Json.Nodes;
using PgFleet.Protocols.Pulumi;
using PgFleet.Schema;
using PgFleet.Tests.Schema;

namespace PgFleet.Tests.Protocols.Pulumi;

public sealed class PulumiSchemaTests
{
    private static readonly Described Instance = new("Sample", "A sample.", Sample.Shape);
    private static readonly Described Query = new("getSample", "Finds one.", ResourceSchema.OfFunction(SampleContext.Default.SampleQuery, SampleContext.Default.SampleAnswer));
    private static readonly ResourceSchema Configuration = ResourceSchema.OfConfiguration(SampleContext.Default.SampleQuery);

    private static JsonObject Schema => JsonNode.Parse(Write(Instance))!.AsObject();

    [Fact]
    public void Breaks_no_rule_of_the_binder() => Assert.Empty(BinderRules.Violations(Schema));

    [Fact]
    public void Is_the_same_each_time_and_ends_with_a_line_break()
    {
        var other = Instance with { Name = "Another" };

        Assert.Equal(Write(Instance, other), Write(other, Instance));
        Assert.EndsWith("}\n", Write(Instance), StringComparison.Ordinal);
        Assert.DoesNotContain('\r', Write(Instance));
    }

    [Fact]
    public void A_resource_has_its_inputs_among_its_properties()
    {
        var resource = Schema["resources"]!["pgfleet:index:Sample"]!;

        Assert.Equal(Sample.Shape.Fields.Select(field => field.Name), resource["properties"]!.AsObject().Select(property => property.Key));
        Assert.Equal(Sample.Shape.Inputs.Select(field => field.Name), resource["inputProperties"]!.AsObject().Select(property => property.Key));
        Assert.Equal(["username", "password"], Names(resource["requiredInputs"]));
        Assert.Equal(
            ["name", "username", "password", "port", "listenAddresses", "backup", "encoding", "deletionProtection", "onDelete", "tags", "fingerprint", "status", "address", "connectionUri", "createdAt"],
            Names(resource["required"]));
    }

    [Theory]
    [InlineData("name", """{"type": "string", "description": "The name.", "willReplaceOnChanges": true}""")]
    [InlineData("password", """{"type": "string", "description": "The password.", "secret": true}""")]
    [InlineData("port", """{"type": "integer", "description": "The port."}""")]
    [InlineData("share", """{"type": "number", "description": "A share."}""")]
    [InlineData("deletionProtection", """{"type": "boolean", "description": "Guards it.", "default": true}""")]
    [InlineData("onDelete", """{"type": "string", "description": "What Delete does.", "default": "refuse"}""")]
    [InlineData("listenAddresses", """{"type": "array", "items": {"type": "string"}, "description": "Addresses."}""")]
    [InlineData("parameters", """{"type": "object", "additionalProperties": {"type": "string"}, "description": "Parameters."}""")]
    [InlineData("backup", """{"$ref": "#/types/pgfleet:index:SampleBackup", "description": "Backups."}""")]
    [InlineData("extensions", """{"type": "object", "additionalProperties": {"$ref": "#/types/pgfleet:index:SampleExtension"}, "description": "Extensions."}""")]
    public void An_input_is_written_as_declared(string name, string expected) =>
        AssertJson(expected, Schema["resources"]!["pgfleet:index:Sample"]!["inputProperties"]![name]);

    [Fact]
    public void A_record_becomes_a_type_with_its_defaults() =>
        AssertJson(
            """
            {
              "type": "object",
              "properties": {
                "retention": {"type": "string", "description": "How long.", "default": "24h"},
                "directory": {"type": "string", "description": "Where.", "willReplaceOnChanges": true},
                "copies": {"type": "integer", "description": "How many."}
              }
            }
            """,
            Schema["types"]!["pgfleet:index:SampleBackup"]);

    [Fact]
    public void A_function_takes_and_answers_objects() =>
        AssertJson(
            """
            {
              "description": "Finds one.",
              "inputs": {"type": "object", "properties": {"name": {"type": "string", "description": "The name."}}, "required": ["name"]},
              "outputs": {
                "type": "object",
                "properties": {
                  "name": {"type": "string", "description": "The name."},
                  "found": {"type": "array", "items": {"$ref": "#/types/pgfleet:index:SampleExtension"}, "description": "Those found."}
                },
                "required": ["name", "found"]
              }
            }
            """,
            Schema["functions"]!["pgfleet:index:getSample"]);

    [Theory]
    [InlineData("""{"name": "pulumi"}""", "name")]
    [InlineData("""{"version": "v1"}""", "version")]
    [InlineData("""{"colour": "red"}""", "unknown key")]
    [InlineData("""{"config": {"variables": {}}}""", "configuration out of step")]
    [InlineData("""{"resources": {"other:index:X": {}}}""", "token other:index:X")]
    [InlineData("""{"resources": {"pgfleet:index:Provider": {}}}""", "reserved pgfleet:index:Provider")]
    [InlineData("""{"functions": {"pgfleet:index:samplebackup": {}}}""", "tokens alike")]
    [InlineData("""{"resources": {"pgfleet:index:X": {"properties": {"id": {"type": "string", "description": "Id."}}}}}""", "property id")]
    [InlineData("""{"resources": {"pgfleet:index:X": {"properties": {"a b": {"type": "string", "description": "Id."}}}}}""", "property a b")]
    [InlineData("""{"resources": {"pgfleet:index:X": {"required": ["x"]}}}""", "required names an unknown property")]
    [InlineData("""{"resources": {"pgfleet:index:X": {"properties": {"x": {"type": "text", "description": "X."}}}}}""", "type of x")]
    [InlineData("""{"resources": {"pgfleet:index:X": {"properties": {"x": {"type": "array", "description": "X."}}}}}""", "type of x")]
    [InlineData("""{"resources": {"pgfleet:index:X": {"properties": {"x": {"$ref": "#/types/y", "description": "X."}}}}}""", "reference of x")]
    [InlineData("""{"resources": {"pgfleet:index:X": {"properties": {"x": {"type": "integer", "description": "X.", "default": 0.5}}}}}""", "default of x")]
    [InlineData("""{"resources": {"pgfleet:index:X": {"properties": {"x": {"type": "integer", "description": "X.", "default": 3000000000}}}}}""", "default of x")]
    [InlineData("""{"types": {"pgfleet:index:X": {"type": "object", "required": ["x"], "properties": {"x": {"$ref": "#/types/pgfleet:index:X", "description": "X."}}}}}""", "cycle pgfleet:index:X")]
    public void The_rules_of_the_binder_would_notice(string fault, string rule)
    {
        var schema = Schema;
        foreach (var (section, change) in JsonNode.Parse(fault)!.AsObject().ToList())
        {
            if (section is "resources" or "functions" or "types")
            {
                var (token, entry) = change!.AsObject().Single();
                schema[section]![token] = entry!.DeepClone();
            }
            else
            {
                schema[section] = change!.DeepClone();
            }
        }

        Assert.Contains(rule, BinderRules.Violations(schema));
    }

    [Fact]
    public void Refuses_two_records_that_would_be_one_type()
    {
        var backup = Sample.Shape["backup"]!;
        var clash = new PulumiTypes("pgfleet");

        Assert.Throws<ArgumentException>(() => clash.Properties([backup, backup with { Name = "other", Fields = [] }], asInputs: true));
    }

    private static string Write(params Described[] resources) =>
        PulumiSchema.Write(new("pgfleet", "0.1.0"), resources, [Query], Configuration);

    private static IEnumerable<string?> Names(JsonNode? names) => names!.AsArray().Select(name => (string?)name);

    private static void AssertJson(string expected, JsonNode? actual) =>
        Assert.Equal(JsonNode.Parse(expected)!.ToJsonString(), actual?.ToJsonString());
}
