using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Google.Protobuf;
using PgFleet.Schema;

namespace PgFleet.Protocols.Terraform;

/// <summary>Decodes the JSON of a state file according to the schema. Attributes that are not in the schema are ignored.</summary>
internal static class CtyJson
{
    /// <returns>The object; null for null.</returns>
    public static Map? Decode(ImmutableArray<Field> fields, ByteString json)
    {
        using var document = JsonDocument.Parse(json.Memory);
        return document.RootElement.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.Object => Object(document.RootElement, fields),
            var kind => throw new FormatException($"The state is no object, but {kind}."),
        };
    }

    private static Map Object(JsonElement json, ImmutableArray<Field> fields) => json.EnumerateObject().Aggregate(
        Map.Empty,
        (map, property) => fields.FirstOrDefault(field => TerraformNames.Attribute(field) == property.Name) is { } field ? map.With(field.Name, Read(property.Value, field)) : map);

    private static Map Entries(JsonElement json, Field element) =>
        json.EnumerateObject().Aggregate(Map.Empty, (map, entry) => map.With(entry.Name, Item(entry.Value, element)));

    /// <summary>Reads an item of a list or a map, where a null keeps its place.</summary>
    private static Value Item(JsonElement json, Field element) => Read(json, element) ?? new Unknown();

    private static Value? Read(JsonElement json, Field field) => (field.Kind, json.ValueKind) switch
    {
        (_, JsonValueKind.Null) => null,
        (Kind.String, JsonValueKind.String) => new StringValue(json.GetString()!),
        (Kind.String, JsonValueKind.Number) => new StringValue(json.GetRawText()),
        (Kind.Boolean, JsonValueKind.True or JsonValueKind.False) => new BoolValue(json.GetBoolean()),
        (Kind.Integer or Kind.Number, JsonValueKind.Number) => new NumberValue(json.GetDouble()),
        (Kind.Integer or Kind.Number, JsonValueKind.String) => new NumberValue(double.Parse(json.GetString()!, NumberStyles.Float, CultureInfo.InvariantCulture)),
        (Kind.Object, JsonValueKind.Object) => Object(json, field.Fields),
        (Kind.List, JsonValueKind.Array) => new List([.. json.EnumerateArray().Select(item => Item(item, field.Element!))]),
        (Kind.Map, JsonValueKind.Object) => Entries(json, field.Element!),
        _ => throw new FormatException($"The value of \"{field.Name}\" is not {field.Expected}."),
    };
}
