using System.Text.Json.Nodes;
using PgFleet.Schema;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Writes properties, and collects the object types they refer to.</summary>
internal sealed class PulumiTypes(string package)
{
    private readonly SortedDictionary<string, JsonObject> objects = new(StringComparer.Ordinal);

    public string Token(string name) => $"{package}:index:{name}";

    /// <param name="fields">A record's fields.</param>
    /// <param name="asInputs">True: includes what matters only for setting them.</param>
    public JsonObject Properties(IEnumerable<Field> fields, bool asInputs) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Property(field, asInputs))));

    public JsonObject Object(IReadOnlyCollection<Field> fields)
    {
        var type = new JsonObject { ["type"] = "object", ["properties"] = Properties(fields, asInputs: true) };
        if (Names(fields.Where(field => field.Required)) is { } required)
        {
            type["required"] = required;
        }

        return type;
    }

    public JsonObject ByToken() => new(objects.Select(type => KeyValuePair.Create(type.Key, (JsonNode?)type.Value)));

    /// <summary>The names; null when there are none.</summary>
    public static JsonArray? Names(IEnumerable<Field> fields) =>
        fields.Select(field => (JsonNode)field.Name).ToArray() is { Length: > 0 } names ? new(names) : null;

    private JsonObject Property(Field field, bool asInput)
    {
        var property = Type(field);
        property["description"] = field.Description.ToString();
        if (field.Secret)
        {
            property["secret"] = true;
        }

        if (asInput && field.Replaces)
        {
            property["willReplaceOnChanges"] = true;
        }

        if (asInput && Default(field) is { } usual)
        {
            property["default"] = usual;
        }

        return property;
    }

    private JsonObject Type(Field field) => field.Kind switch
    {
        Kind.String => new() { ["type"] = "string" },
        Kind.Integer => new() { ["type"] = "integer" },
        Kind.Number => new() { ["type"] = "number" },
        Kind.Boolean => new() { ["type"] = "boolean" },
        Kind.List => new() { ["type"] = "array", ["items"] = Type(field.Element!) },
        Kind.Map => new() { ["type"] = "object", ["additionalProperties"] = Type(field.Element!) },
        _ => new() { ["$ref"] = $"#/types/{Declared(field)}" },
    };

    private string Declared(Field field)
    {
        const string Suffix = "Args";
        var name = field.TypeName!;
        var token = Token(name.EndsWith(Suffix, StringComparison.Ordinal) ? name[..^Suffix.Length] : name);
        var type = Object(field.Fields);
        if (!objects.TryAdd(token, type) && !JsonNode.DeepEquals(objects[token], type))
        {
            throw new ArgumentException($"\"{token}\" would be two types: rename a record, or give both the same properties.");
        }

        return token;
    }

    /// <summary>A schema's defaults are of simple kinds only, with 32-bit integers; Check fills in the others.</summary>
    private static JsonNode? Default(Field field) => (field.Kind, field.Default is { } usual ? field.Fit(usual) : null) switch
    {
        (Kind.String, StringValue text) => text.Value,
        (Kind.Integer, NumberValue { Value: >= int.MinValue and <= int.MaxValue } number) => (int)number.Value,
        (Kind.Number, NumberValue number) => number.Value,
        (Kind.Boolean, BoolValue flag) => flag.Value,
        _ => null,
    };
}
