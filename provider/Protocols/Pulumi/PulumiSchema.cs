using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PgFleet.Schema;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Writes the package schema, from which Pulumi generates SDKs and binds YAML programs.</summary>
internal static class PulumiSchema
{
    private static readonly JsonWriterOptions Indented = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <returns>JSON that is the same for the same declarations, and ends with a line break.</returns>
    public static string Write(PackageInfo package, IEnumerable<Described> resources, IEnumerable<Described> functions, ResourceSchema configuration)
    {
        var types = new PulumiTypes(package.Name);
        var schema = About(package);
        schema["config"] = new JsonObject { ["variables"] = types.Properties(configuration.Inputs, asInputs: true) };
        schema["provider"] = Compact(new()
        {
            ["description"] = $"The configuration of {package.DisplayName}.",
            ["inputProperties"] = types.Properties(configuration.Inputs, asInputs: true),
            ["requiredInputs"] = PulumiTypes.Names(configuration.Inputs.Where(field => field.Required)),
        });
        schema["resources"] = ByToken(resources, resource => Compact(new()
        {
            ["description"] = resource.Prose.ToString(),
            ["properties"] = types.Properties(resource.Shape.Fields, asInputs: false),
            ["required"] = PulumiTypes.Names(resource.Shape.Fields.Where(field => field.AlwaysSet)),
            ["inputProperties"] = types.Properties(resource.Shape.Inputs, asInputs: true),
            ["requiredInputs"] = PulumiTypes.Names(resource.Shape.Inputs.Where(field => field.Required)),
        }));
        schema["functions"] = ByToken(functions, function => Compact(new()
        {
            ["description"] = function.Prose.ToString(),
            ["inputs"] = function.Shape.Inputs.IsEmpty ? null : types.Object(function.Shape.Inputs),
            ["outputs"] = types.Object(function.Shape.Outputs),
        }));
        schema["types"] = types.ByToken();
        return Text(schema);

        JsonObject ByToken(IEnumerable<Described> described, Func<Described, JsonObject> write) =>
            new(described.OrderBy(each => each.Name, StringComparer.Ordinal).Select(each => KeyValuePair.Create(types.Token(each.Name), (JsonNode?)write(each))));
    }

    private static JsonObject About(PackageInfo package) => Compact(new()
    {
        ["name"] = package.Name,
        ["displayName"] = package.DisplayName,
        ["version"] = package.Version,
        ["description"] = package.Description,
        ["keywords"] = new JsonArray([.. package.Keywords.Select(keyword => (JsonNode)keyword)]),
        ["homepage"] = package.Homepage,
        ["repository"] = package.Repository,
        ["license"] = package.License,
        ["publisher"] = package.Publisher,
        ["meta"] = new JsonObject { ["moduleFormat"] = "(.*)" },
        // Makes the SDKs carry the schema's version, which the engine then requires of the plugin.
        ["language"] = new JsonObject
        {
            ["csharp"] = new JsonObject { ["namespaces"] = new JsonObject { [package.Name] = package.DotNetNamespace }, ["respectSchemaVersion"] = true },
            ["go"] = new JsonObject { ["respectSchemaVersion"] = true },
            ["nodejs"] = new JsonObject { ["respectSchemaVersion"] = true },
            ["python"] = new JsonObject { ["pyproject"] = new JsonObject { ["enabled"] = true }, ["respectSchemaVersion"] = true },
        },
    });

    private static JsonObject Compact(JsonObject node)
    {
        foreach (var name in node.Where(property => property.Value is null).Select(property => property.Key).ToList())
        {
            node.Remove(name);
        }

        return node;
    }

    private static string Text(JsonObject schema)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, Indented))
        {
            schema.WriteTo(writer);
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length) + "\n";
    }
}
