using System.Buffers;
using System.Collections.Immutable;
using Google.Protobuf;
using MessagePack;
using PgFleet.Failures;
using PgFleet.Schema;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

/// <summary>
/// Terraform's value encoding, which depends on the schema: an object has every attribute, null where it is absent; names are in snake_case.
/// A null in a list or a map is reported as a problem, because no record can contain one.
/// </summary>
internal static class CtyValues
{
    /// <param name="fields">The object's fields.</param>
    /// <param name="value">The encoded value.</param>
    /// <param name="nulls">Receives a problem for each null in a list or a map; null where there can be none.</param>
    /// <returns>The object; null for null.</returns>
    public static Map? Decode(ImmutableArray<Field> fields, DynamicValue? value, ICollection<Problem>? nulls = null)
    {
        if (value is not { Msgpack.IsEmpty: false })
        {
            return value is { Json.IsEmpty: false } ? CtyJson.Decode(fields, value.Json) : null;
        }
        try
        {
            var reader = new MessagePackReader(value.Msgpack.Memory);
            return reader.TryReadNil() ? null : Object(ref reader, fields, "", nulls ?? []);
        }
        catch (Exception wrong) when (CtyItems.IsRefusal(wrong))
        {
            throw new FormatException($"A value on the wire does not read: {wrong.Message}", wrong);
        }
    }

    public static DynamicValue Encode(ImmutableArray<Field> fields, Map? map)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        if (map is null)
        {
            writer.WriteNil();
        }
        else
        {
            Object(ref writer, fields, map);
        }
        writer.Flush();
        return new() { Msgpack = ByteString.CopyFrom(buffer.WrittenSpan) };
    }

    private static Map Object(ref MessagePackReader reader, ImmutableArray<Field> fields, string path, ICollection<Problem> nulls)
    {
        var map = Map.Empty;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var name = reader.ReadText();
            if (fields.FirstOrDefault(field => TerraformNames.Attribute(field) == name) is { } field)
            {
                map = map.With(field.Name, Read(ref reader, field, PropertyPath.Property(path, field.Name), nulls));
            }
            else
            {
                reader.Skip();
            }
        }
        return map;
    }

    private static Value? Read(ref MessagePackReader reader, Field field, string path, ICollection<Problem> nulls)
    {
        if (reader.TryReadNil())
        {
            return null;
        }
        if (reader.TryReadUnknown())
        {
            return new Unknown();
        }
        switch (field.Kind)
        {
            case Kind.String:
                return new StringValue(reader.ReadText());
            case Kind.Boolean:
                return new BoolValue(reader.ReadBoolean());
            case Kind.Integer or Kind.Number:
                return new NumberValue(reader.ReadNumber());
            case Kind.Object:
                return Object(ref reader, field.Fields, path, nulls);
            case Kind.List:
                return Items(ref reader, field.Element!, path, nulls);
            default:
                return Entries(ref reader, field.Element!, path, nulls);
        }
    }

    private static List Items(ref MessagePackReader reader, Field element, string path, ICollection<Problem> nulls)
    {
        var items = new Value[reader.ReadArrayHeader()];
        for (var i = 0; i < items.Length; i++)
        {
            var at = PropertyPath.Index(path, i);
            items[i] = Read(ref reader, element, at, nulls) ?? Null(at, nulls);
        }
        return new([.. items]);
    }

    private static Map Entries(ref MessagePackReader reader, Field element, string path, ICollection<Problem> nulls)
    {
        var entries = Map.Empty;
        for (var left = reader.ReadMapHeader(); left > 0; left--)
        {
            var key = reader.ReadText();
            var at = PropertyPath.Key(path, key);
            entries = entries.With(key, Read(ref reader, element, at, nulls) ?? Null(at, nulls));
        }
        return entries;
    }

    /// <summary>Reports a null item. It keeps its place, so that later items have the index that the user sees, and is not checked any further.</summary>
    private static Unknown Null(string path, ICollection<Problem> nulls)
    {
        nulls.Add(new(path, "is null: give it a value, or leave it out."));
        return new();
    }

    private static void Object(ref MessagePackWriter writer, ImmutableArray<Field> fields, Map map)
    {
        writer.WriteMapHeader(fields.Length);
        foreach (var field in fields)
        {
            writer.Write(TerraformNames.Attribute(field));
            Write(ref writer, field, map[field.Name]);
        }
    }

    private static void Write(ref MessagePackWriter writer, Field field, Value? value)
    {
        switch (field.Kind, value is null or Unknown ? value : field.Fit(value))
        {
            case (_, null) when value is null:
                writer.WriteNil();
                break;
            case (_, Unknown):
                writer.WriteUnknown();
                break;
            case (_, StringValue text):
                writer.Write(text.Value);
                break;
            case (_, BoolValue flag):
                writer.Write(flag.Value);
                break;
            case (_, NumberValue number):
                writer.WriteNumber(number.Value);
                break;
            case (Kind.Object, Map map):
                Object(ref writer, field.Fields, map);
                break;
            case (_, Map map):
                writer.WriteMapHeader(map.Items.Count);
                foreach (var (key, element) in map.Items)
                {
                    writer.Write(key);
                    Write(ref writer, field.Element!, element);
                }
                break;
            case (_, List list):
                writer.WriteArrayHeader(list.Items.Length);
                foreach (var item in list.Items)
                {
                    Write(ref writer, field.Element!, item);
                }
                break;
            default:
                throw new FormatException($"The value of \"{field.Name}\" is not {field.Expected}.");
        }
    }
}
