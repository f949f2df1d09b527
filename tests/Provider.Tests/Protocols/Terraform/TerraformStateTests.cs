using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf;
using Microsoft.Extensions.Logging.Abstractions;
using PgFleet.Protocols.Terraform;
using PgFleet.Schema;

namespace PgFleet.Tests.Protocols.Terraform;

public sealed class TerraformStateTests
{
    /// <summary>terraform.tfstate-1.json is a state that Terraform wrote for a stack with every resource; it never changes.</summary>
    [Fact]
    public async Task A_state_of_the_first_format_is_read_whole()
    {
        using var run = new TerraformSession(Program.Compose);
        var service = new TerraformService(run, NullLogger<TerraformService>.Instance);
        using var file = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Protocols/Terraform/terraform.tfstate-1.json")));
        var resources = file.RootElement.GetProperty("resources").EnumerateArray()
            .Select(resource => (Type: resource.GetProperty("type").GetString()!, Instance: resource.GetProperty("instances")[0])).ToList();
        Assert.Equal(run.Fleet.Resources.Select(resource => TerraformNames.Resource(resource.Name)).Order(), resources.Select(resource => resource.Type).Distinct().Order());

        foreach (var (type, instance) in resources)
        {
            var attributes = instance.GetProperty("attributes");
            var upgraded = await service.UpgradeResourceState(
                new() { TypeName = type, Version = instance.GetProperty("schema_version").GetInt64(), RawState = new() { Json = ByteString.CopyFromUtf8(attributes.GetRawText()) } }, null!);
            Assert.Empty(upgraded.Diagnostics);
            var fields = run.ResourceOf(type).Fields;
            Assert.Equal(JsonText.Of(attributes), Named(fields, CtyValues.Decode(fields, upgraded.UpgradedState)!));
        }
    }

    /// <summary>With the names in a state file.</summary>
    private static Map Named(ImmutableArray<Field> fields, Map map) =>
        Map.Of(fields.Where(field => map[field.Name] is not null).Select(field => KeyValuePair.Create(TerraformNames.Attribute(field), Named(field, map[field.Name]!))));

    private static Value Named(Field field, Value value) => value switch
    {
        Map map when field.Kind == Kind.Object => Named(field.Fields, map),
        Map map => Map.Of(map.Items.Select(entry => KeyValuePair.Create(entry.Key, Named(field.Element!, entry.Value)))),
        List list => new List([.. list.Items.Select(item => Named(field.Element!, item))]),
        _ => value,
    };
}
