using System.Text.Json;

namespace PgFleet.Schema;

/// <summary>Converts values from JSON. A null is treated as absent.</summary>
internal static class JsonText
{
    /// <summary>
    /// Parses the lists, maps and objects that stack configuration passes as JSON text. Text that is not JSON stays unchanged, for Check to report.
    /// </summary>
    public static Map Expand(ResourceSchema shape, Map configuration) =>
        shape.Inputs.Where(field => field.Kind is Kind.List or Kind.Map or Kind.Object).Aggregate(
            configuration,
            (map, field) => map[field.Name] is StringValue text && TryParse(text.Value) is { } value
                ? map.With(field.Name, value with { Secret = text.Secret })
                : map);

    public static Value Parse(string json) =>
        TryParse(json) ?? throw new ArgumentException($"{Wording.Quote(json)} is no JSON value.");

    public static Value? Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => new StringValue(element.GetString()!),
        JsonValueKind.Number => new NumberValue(element.GetDouble()),
        JsonValueKind.True => new BoolValue(true),
        JsonValueKind.False => new BoolValue(false),
        JsonValueKind.Array => new List([.. element.EnumerateArray().Select(Of).OfType<Value>()]),
        JsonValueKind.Object => Map.Of(element.EnumerateObject().Select(entry => (entry.Name, Value: Of(entry.Value)))
            .Where(entry => entry.Value is not null)
            .DistinctBy(entry => entry.Name)
            .Select(entry => KeyValuePair.Create(entry.Name, entry.Value!))),
        _ => null,
    };

    private static Value? TryParse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Of(document.RootElement);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or ArgumentException)
        {
            // Not JSON, or JSON with a string that is not valid Unicode.
            return null;
        }
    }
}
