using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PgFleet.Schema;

/// <summary>Converts values to typed records and back, using the records' serialization contracts.</summary>
internal static class Records
{
    private static readonly ConditionalWeakTable<JsonTypeInfo, Decoding> Decodings = [];

    /// <summary>
    /// Converts values to a record. They are converted by kind ("5432" for a number, 15 for a string), unknown names are ignored, and defaults replace
    /// absent values. An unknown value counts as absent; a list with an unknown item is absent as a whole. Check has validated that required
    /// values are present; a state that an older provider wrote, or an imported one, may lack them, and then they are null.
    /// </summary>
    /// <exception cref="JsonException">A value does not fit its property.</exception>
    public static T Read<T>(Map map, JsonTypeInfo<T> info)
        where T : class
    {
        var decoding = Decodings.GetValue(info, type => new(SchemaReader.Fields(type, input: false), WithNothingRequired(type)));
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, decoding.Fields, map);
        }

        return JsonSerializer.Deserialize(buffer.WrittenSpan, (JsonTypeInfo<T>)decoding.Type)!;
    }

    /// <summary>Converts a record to values; null properties are absent.</summary>
    public static Map Write<T>(T record, JsonTypeInfo<T> info)
        where T : class =>
        (Map)JsonText.Of(JsonSerializer.SerializeToElement(record, info))!;

    private static JsonTypeInfo WithNothingRequired(JsonTypeInfo info)
    {
        var options = new JsonSerializerOptions(info.Options)
        {
            TypeInfoResolver = info.Options.TypeInfoResolver!.WithAddedModifier(type =>
            {
                foreach (var property in type.Properties)
                {
                    property.IsRequired = false;
                }
            }),
        };
        return options.GetTypeInfo(info.Type);
    }

    private static void Write(Utf8JsonWriter writer, ImmutableArray<Field> fields, Map map)
    {
        writer.WriteStartObject();
        foreach (var field in fields)
        {
            if ((map[field.Name] ?? field.Default) is { } value && IsThere(value))
            {
                writer.WritePropertyName(field.Name);
                Write(writer, field, value);
            }
        }

        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, Field field, Value value)
    {
        switch (field.Kind, field.Fit(value))
        {
            case (Kind.Object, Map map):
                Write(writer, field.Fields, map);
                break;
            case (_, Map map):
                writer.WriteStartObject();
                foreach (var (key, element) in map.Items.Where(entry => IsThere(entry.Value)))
                {
                    writer.WritePropertyName(key);
                    Write(writer, field.Element!, element);
                }

                writer.WriteEndObject();
                break;
            case (_, List list):
                writer.WriteStartArray();
                foreach (var item in list.Items)
                {
                    Write(writer, field.Element!, item);
                }

                writer.WriteEndArray();
                break;
            case (_, StringValue text):
                writer.WriteStringValue(text.Value);
                break;
            case (Kind.Integer, NumberValue number):
                writer.WriteNumberValue((long)number.Value);
                break;
            case (_, NumberValue number):
                writer.WriteNumberValue(number.Value);
                break;
            case (_, BoolValue flag):
                writer.WriteBooleanValue(flag.Value);
                break;
            default:
                throw new JsonException($"The value of \"{field.Name}\" is not {field.Expected}.");
        }
    }

    private static bool IsThere(Value value) => value is Map || value.IsKnown;

    private sealed record Decoding(ImmutableArray<Field> Fields, JsonTypeInfo Type);
}
