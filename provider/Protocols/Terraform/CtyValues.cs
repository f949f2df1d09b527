using System.Collections.Immutable;
using System.Text.Json;
using Google.Protobuf;
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
            return value is { Json.IsEmpty: false } ? DecodeJson(fields, value.Json) : null;
        }
        var reader = new MessagePackReader(value.Msgpack.Span);
        return reader.TryNil() ? null : Object(ref reader, fields, "", nulls ?? []);
    }

    /// <summary>Decodes the JSON of a state file. Attributes that are not in the schema are ignored.</summary>
    public static Map? DecodeJson(ImmutableArray<Field> fields, ByteString json)
    {
        using var document = JsonDocument.Parse(json.Memory);
        var writer = new MessagePackWriter();
        writer.Json(document.RootElement);
        var reader = new MessagePackReader(writer.Written);
        return reader.TryNil() ? null : Object(ref reader, fields, "", []);
    }

    public static DynamicValue Encode(ImmutableArray<Field> fields, Map? map)
    {
        var writer = new MessagePackWriter();
        if (map is null)
        {
            writer.Nil();
        }
        else
        {
            Object(writer, fields, map);
        }
        return new() { Msgpack = ByteString.CopyFrom(writer.Written) };
    }

    private static Map Object(ref MessagePackReader reader, ImmutableArray<Field> fields, string path, ICollection<Problem> nulls)
    {
        var map = Map.Empty;
        for (var left = reader.Map(); left > 0; left--)
        {
            var name = reader.Text();
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
        if (reader.TryNil())
        {
            return null;
        }
        if (reader.TryUnknown())
        {
            return new Unknown();
        }
        switch (field.Kind)
        {
            case Kind.String:
                return new StringValue(reader.Text());
            case Kind.Boolean:
                return new BoolValue(reader.Flag());
            case Kind.Integer or Kind.Number:
                return new NumberValue(reader.Number());
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
        var items = new Value[reader.List()];
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
        for (var left = reader.Map(); left > 0; left--)
        {
            var key = reader.Text();
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

    private static void Object(MessagePackWriter writer, ImmutableArray<Field> fields, Map map)
    {
        writer.Map(fields.Length);
        foreach (var field in fields)
        {
            writer.Text(TerraformNames.Attribute(field));
            Write(writer, field, map[field.Name]);
        }
    }

    private static void Write(MessagePackWriter writer, Field field, Value? value)
    {
        switch (field.Kind, value is null or Unknown ? value : field.Fit(value))
        {
            case (_, null) when value is null:
                writer.Nil();
                break;
            case (_, Unknown):
                writer.Unknown();
                break;
            case (_, StringValue text):
                writer.Text(text.Value);
                break;
            case (_, BoolValue flag):
                writer.Flag(flag.Value);
                break;
            case (_, NumberValue number):
                writer.Number(number.Value);
                break;
            case (Kind.Object, Map map):
                Object(writer, field.Fields, map);
                break;
            case (_, Map map):
                writer.Map(map.Items.Count);
                foreach (var (key, element) in map.Items)
                {
                    writer.Text(key);
                    Write(writer, field.Element!, element);
                }
                break;
            case (_, List list):
                writer.List(list.Items.Length);
                foreach (var item in list.Items)
                {
                    Write(writer, field.Element!, item);
                }
                break;
            default:
                throw new FormatException($"The value of \"{field.Name}\" is not {field.Expected}.");
        }
    }
}
