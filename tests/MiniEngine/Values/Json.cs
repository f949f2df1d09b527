using System.Text.Json;
using System.Text.Json.Nodes;

namespace MiniEngine.Values;

/// <summary>Values as JSON; the caller chooses how secrets are written.</summary>
internal static class Json
{
    private const string UnknownMark = "[unknown]";
    private const string SecretMark = "[secret]";

    public static JsonNode? Write(Value value, Func<Value, JsonNode?> secret) => value switch
    {
        Flag flag => JsonValue.Create(flag.On),
        Number number => JsonValue.Create(number.Amount),
        Text text => JsonValue.Create(text.Content),
        Unknown => JsonValue.Create(UnknownMark),
        List list => new JsonArray([.. list.Items.Select(item => Write(item, secret))]),
        Map map => Write(map, secret),
        Secret hidden => secret(hidden.Inner),
        Reference reference => Write(Marked(WireNames.Reference, Fields(reference)), secret),
        Opaque opaque => Write(Marked(opaque.Signature, opaque.Fields), secret),
        _ => null,
    };

    public static JsonObject Write(Map map, Func<Value, JsonNode?> secret) =>
        new(map.Items.Select(item => KeyValuePair.Create(item.Key, Write(item.Value, secret))));

    /// <summary>JSON with secrets in clear.</summary>
    public static JsonNode? Reveal(Value value) => Write(value, Reveal);

    /// <summary>One line for display, with secrets and unknowns marked.</summary>
    public static string Show(Value value) => Show(Write(value, Mask));

    public static string Show(JsonNode? node) => (node?.ToJsonString(Readable) ?? "null")
        .Replace($"\"{UnknownMark}\"", UnknownMark, StringComparison.Ordinal)
        .Replace($"\"{SecretMark}\"", SecretMark, StringComparison.Ordinal);

    /// <summary>The text that replaces a secret.</summary>
    public static JsonNode Mask(Value secret) => JsonValue.Create(SecretMark);

    public static Value Read(JsonNode? node, Func<JsonObject, Value?> special) => node switch
    {
        null => Null.Instance,
        JsonArray array => new List([.. array.Select(item => Read(item, special))]),
        JsonObject fields => special(fields) ?? Map.Of(fields.Select(item => KeyValuePair.Create(item.Key, Read(item.Value, special)))),
        _ => node.GetValueKind() switch
        {
            JsonValueKind.True => new Flag(true),
            JsonValueKind.False => new Flag(false),
            JsonValueKind.Number => new Number(node.GetValue<JsonElement>().GetDouble()),
            _ => new Text(node.GetValue<string>()),
        },
    };

    public static Value Parse(string text) => Read(JsonNode.Parse(text), _ => null);

    public static JsonSerializerOptions Readable { get; } = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static Map Marked(string signature, Map fields) => fields.With(WireNames.Signature, new Text(signature));

    private static Map Fields(Reference reference) =>
        Map.Of(("urn", new Text(reference.Urn.ToString()))).With("id", reference.Id is { } id ? new Text(id) : null);
}
