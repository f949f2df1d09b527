using PgFleet.Operations;
using PgFleet.Protocols.Terraform;
using PgFleet.Resources;
using Attribute = Tfplugin6.Schema.Types.Attribute;

namespace PgFleet.Tests.Protocols.Terraform;

public sealed class TerraformSchemaTests
{
    /// <summary>Names that HCL reserves.</summary>
    private static readonly string[] Reserved = ["connection", "count", "depends_on", "for_each", "lifecycle", "provider", "provisioner"];

    private static readonly ProviderDefinition Fleet = Program.Compose(FleetConfig.At("/nowhere"));

    private static IEnumerable<(string Type, Tfplugin6.Schema Schema)> Schemas =>
        Fleet.Resources.Select(resource => new TerraformResource(resource)).Select(resource => (resource.TypeName, resource.Schema()))
            .Concat(Fleet.Functions.Select(function => new TerraformDataSource(function)).Select(source => (source.TypeName, source.Schema())));

    [Fact]
    public void Every_attribute_obeys_terraform_s_rules()
    {
        Assert.All(Schemas, schema => Assert.Matches("^pgfleet_[a-z_]+$", schema.Type));
        Assert.All(Schemas, schema => Assert.Equal(schema.Schema.Block.Attributes.Count, schema.Schema.Block.Attributes.Select(attribute => attribute.Name).Distinct().Count()));
        Assert.All(Schemas.SelectMany(schema => All(schema.Schema.Block.Attributes)), attribute =>
        {
            Assert.Matches("^[a-z][a-z0-9_]*$", attribute.Name);
            Assert.DoesNotContain(attribute.Name, Reserved);
            Assert.True(attribute.Required ^ (attribute.Optional || attribute.Computed), attribute.Name);
            Assert.True(attribute.Type.IsEmpty ^ attribute.NestedType is null, attribute.Name);
            Assert.False(attribute.WriteOnly && attribute.Computed, attribute.Name);
            Assert.EndsWith(".", attribute.Description, StringComparison.Ordinal);
        });
    }

    [Fact]
    public void Resources_and_data_sources_have_names_of_their_own()
    {
        Assert.Equal(Fleet.Resources.Count, Fleet.Resources.Select(resource => TerraformNames.Resource(resource.Name)).Distinct().Count());
        Assert.Equal(Fleet.Functions.Count, Fleet.Functions.Select(function => TerraformNames.DataSource(function.Name)).Distinct().Count());
    }

    [Fact]
    public void Every_secret_input_has_a_write_only_twin_and_what_follows_it_is_sensitive()
    {
        foreach (var resource in Fleet.Resources)
        {
            var attributes = new TerraformResource(resource).Schema().Block.Attributes.ToDictionary(attribute => attribute.Name);
            foreach (var secret in resource.Shape.Inputs.Where(field => field.Secret))
            {
                var name = TerraformNames.Attribute(secret);
                Assert.True(attributes[name] is { Sensitive: true, Optional: true, Computed: false, WriteOnly: false });
                Assert.True(attributes[$"{name}_wo"] is { Sensitive: true, Optional: true, WriteOnly: true });
                Assert.True(attributes[$"{name}_wo_version"] is { Sensitive: false, Optional: true, WriteOnly: false });
                Assert.All(resource.Shape.Outputs.Where(output => output.DependsOn.Contains(secret.Name)), output => Assert.True(attributes[TerraformNames.Attribute(output)].Sensitive));
            }
        }
    }

    [Theory]
    [InlineData("name", "required string")]
    [InlineData("username", "required string")]
    [InlineData("postgres_version", "optional computed string")]
    [InlineData("port", "optional computed number")]
    [InlineData("deletion_protection", "optional computed bool")]
    [InlineData("listen_addresses", """optional computed ["list","string"]""")]
    [InlineData("parameters", """optional ["map","string"]""")]
    [InlineData("client_networks", """optional ["list","string"]""")]
    [InlineData("backup", "optional computed Single(archive_timeout: optional computed string, directory: optional string, interval: optional computed string, on_delete: optional computed string, retention: optional computed string)")]
    [InlineData("timeouts", "optional Single(create: optional string, delete: optional string, update: optional string)")]
    [InlineData("id", "computed string")]
    [InlineData("connection_uri", "computed string")]
    public void An_instance_s_attributes_are_as_declared(string name, string expected) =>
        Assert.Equal(expected, Text(Schemas.Single(schema => schema.Type == "pgfleet_database_instance").Schema.Block.Attributes.Single(attribute => attribute.Name == name)));

    [Theory]
    [InlineData("backup.retention", "backup.retention", "attribute backup")]
    [InlineData("""parameters["work_mem"]""", """parameters["work_mem"]""", "attribute parameters, key work_mem")]
    [InlineData("""extensions["a.b[\"c"].version""", """extensions["a.b[\"c"].version""", "attribute extensions, key a.b[\"c")]
    [InlineData("clientNetworks[3]", "client_networks[3]", "attribute client_networks, index 3")]
    [InlineData("connection", "instance_connection", "attribute instance_connection")]
    [InlineData("", "", "")]
    public void A_path_is_terraform_s(string path, string text, string steps)
    {
        Assert.Equal(text, TerraformPaths.Text(path));
        Assert.Equal(steps, string.Join(", ", TerraformPaths.Of(path)?.Steps.Select(step =>
            step.AttributeName.Length > 0 ? $"attribute {step.AttributeName}" : step.ElementKeyString.Length > 0 ? $"key {step.ElementKeyString}" : $"index {step.ElementKeyInt}") ?? []));
    }

    private static IEnumerable<Attribute> All(IEnumerable<Attribute> attributes) =>
        attributes.SelectMany(attribute => All(attribute.NestedType?.Attributes ?? []).Prepend(attribute));

    private static string Text(Attribute attribute)
    {
        var type = attribute.NestedType is { } nested
            ? $"{nested.Nesting}({string.Join(", ", nested.Attributes.OrderBy(inner => inner.Name, StringComparer.Ordinal).Select(inner => $"{inner.Name}: {Text(inner)}"))})"
            : attribute.Type.ToStringUtf8() is var json && json.StartsWith('"') ? json.Trim('"') : json;
        return $"{(attribute.Required ? "required " : "")}{(attribute.Optional ? "optional " : "")}{(attribute.Computed ? "computed " : "")}{type}";
    }
}
