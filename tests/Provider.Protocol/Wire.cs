using System.Text.Json.Nodes;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Pulumirpc;

namespace PgFleet.Protocol;

/// <summary>Shorthand for requests. Structs are written as JSON.</summary>
internal static class Wire
{
    public const string Unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
    public const string Signature = "4dabf18193072939515e22adb298388d";
    public const string SecretSignature = "1b47061264138c4ac30d75fd1eb44270";

    public const string Instance = "pgfleet:index:DatabaseInstance";
    public const string Database = "pgfleet:index:Database";

    public static Struct Struct(string json) => Google.Protobuf.WellKnownTypes.Struct.Parser.ParseJson(json);

    public static string Secret(string json) => $$"""{"{{Signature}}": "{{SecretSignature}}", "value": {{json}}}""";

    public static string Urn(string type, string name) => $"urn:pulumi:dev::tests::{type}::{name}";

    public static CheckRequest Check(string type, string news, string? olds = null, string name = "main", byte seed = 7) => new()
    {
        Urn = Urn(type, name),
        Type = type,
        Name = name,
        Olds = Struct(olds ?? "{}"),
        News = Struct(news),
        RandomSeed = ByteString.CopyFrom(Enumerable.Repeat(seed, 32).ToArray()),
    };

    public static bool IsSecret(this Value value) =>
        value.KindCase == Value.KindOneofCase.StructValue
        && value.StructValue.Fields.TryGetValue(Signature, out var signature)
        && signature.StringValue == SecretSignature;

    /// <summary>The value inside a secret's wrapper, or the value itself.</summary>
    public static Value Bare(this Value value) => value.IsSecret() ? value.StructValue.Fields["value"] : value;

    public static string Text(this Struct properties, string name) => properties.Fields[name].Bare().StringValue;

    public static JsonNode Json(this Struct properties) => JsonNode.Parse(JsonFormatter.Default.Format(properties))!;
}
