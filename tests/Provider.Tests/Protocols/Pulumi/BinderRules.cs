using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PgFleet.Tests.Protocols.Pulumi;

/// <summary>The rules of Pulumi's schema binder that this package's schema could break.</summary>
internal static partial class BinderRules
{
    private static readonly string[] TopLevel =
    [
        "name", "displayName", "version", "description", "keywords", "homepage", "repository", "license", "publisher", "meta", "language",
        "config", "provider", "resources", "functions", "types",
    ];

    public static IReadOnlyList<string> Violations(JsonObject schema)
    {
        var found = new List<string>();
        var package = (string?)schema["name"] ?? "";
        Demand(PackageName().IsMatch(package) && package is not ("pulumi" or "input"), "name");
        Demand(Version().IsMatch((string?)schema["version"] ?? ""), "version");
        Demand(schema.All(part => TopLevel.Contains(part.Key)), "unknown key");
        Demand(JsonNode.DeepEquals(schema["config"]?["variables"], schema["provider"]?["inputProperties"]), "configuration out of step");

        var sections = new[] { "resources", "functions", "types" }.Select(name => schema[name] as JsonObject ?? []).ToArray();
        var tokens = sections.SelectMany(section => section.Select(entry => entry.Key)).ToList();
        foreach (var token in tokens)
        {
            Demand(Token().IsMatch(token) && token.StartsWith($"{package}:index:", StringComparison.Ordinal), $"token {token}");
            Demand(token.Split(':').Last() is not ("Provider" or "pulumi"), $"reserved {token}");
        }

        Demand(tokens.Distinct(StringComparer.OrdinalIgnoreCase).Count() == tokens.Count, "tokens alike");
        Properties(schema["provider"], "inputProperties", "requiredInputs", "version", "pulumi");
        foreach (var (_, resource) in sections[0])
        {
            Properties(resource, "properties", "required", "id", "urn");
            Properties(resource, "inputProperties", "requiredInputs", "id", "urn");
        }

        foreach (var type in sections[1].SelectMany(entry => new[] { entry.Value?["inputs"], entry.Value?["outputs"] }).Concat(sections[2].Select(entry => entry.Value)).OfType<JsonObject>())
        {
            Demand((string?)type["type"] == "object", "object type");
            Properties(type, "properties", "required");
        }

        foreach (var (token, type) in sections[2])
        {
            Demand(!Requires(sections[2], type, token, []), $"cycle {token}");
        }

        return found;

        void Properties(JsonNode? owner, string properties, string required, params string[] reserved)
        {
            var known = owner?[properties] as JsonObject ?? [];
            foreach (var (name, property) in known)
            {
                Demand(PropertyName().IsMatch(name) && name != "pulumi" && !reserved.Contains(name), $"property {name}");
                Demand((string?)property!["description"] is { Length: > 0 }, $"description of {name}");
                Type(property, name);
                Default(property, name);
            }

            Demand((owner?[required] as JsonArray ?? []).All(name => known.ContainsKey((string)name!)), $"{required} names an unknown property");
        }

        void Type(JsonNode? type, string name)
        {
            if ((string?)type?["$ref"] is { } reference)
            {
                Demand(reference.StartsWith("#/types/", StringComparison.Ordinal) && sections[2].ContainsKey(reference["#/types/".Length..]), $"reference of {name}");
                return;
            }

            switch ((string?)type?["type"])
            {
                case "string" or "integer" or "number" or "boolean":
                    break;
                case "array":
                    Type(type["items"], name);
                    break;
                case "object":
                    Type(type["additionalProperties"], name);
                    break;
                default:
                    found.Add($"type of {name}");
                    break;
            }
        }

        void Default(JsonNode property, string name) => Demand(
            property["default"] is not JsonValue usual || (string?)property["type"] switch
            {
                "string" => usual.TryGetValue<string>(out _),
                "boolean" => usual.TryGetValue<bool>(out _),
                "number" => usual.TryGetValue<double>(out _),
                "integer" => usual.TryGetValue<int>(out _),
                _ => false,
            },
            $"default of {name}");

        void Demand(bool holds, string rule)
        {
            if (!holds)
            {
                found.Add(rule);
            }
        }
    }

    private static bool Requires(JsonObject types, JsonNode? type, string wanted, HashSet<string> seen) =>
        (type?["required"] as JsonArray ?? [])
            .Select(name => ((string?)type!["properties"]?[(string)name!]?["$ref"])?["#/types/".Length..])
            .OfType<string>()
            .Any(token => token == wanted || (seen.Add(token) && Requires(types, types[token], wanted, seen)));

    [GeneratedRegex("^[a-zA-Z][-a-zA-Z0-9_]*$")]
    private static partial Regex PackageName();

    [GeneratedRegex(@"^[0-9]+\.[0-9]+\.[0-9]+(-[0-9A-Za-z.-]+)?$")]
    private static partial Regex Version();

    [GeneratedRegex("^[^:]+:[A-Za-z][A-Za-z0-9._/-]*:[A-Za-z][A-Za-z0-9_-]*$")]
    private static partial Regex Token();

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9]*$")]
    private static partial Regex PropertyName();
}
