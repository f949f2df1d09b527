using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using PgFleet.Schema;
using BoolValue = PgFleet.Schema.BoolValue;
using StringValue = PgFleet.Schema.StringValue;
using Wire = Google.Protobuf.WellKnownTypes.Value;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Pulumi's value encoding: a protobuf Struct in which objects with a signature key, and certain fixed strings, have a special meaning.</summary>
internal static class PulumiValues
{
    private const string Signature = "4dabf18193072939515e22adb298388d";
    private const string SecretSignature = "1b47061264138c4ac30d75fd1eb44270";
    private const string ReferenceSignature = "5cf8f73096256a8f31e491e813e4eb8e";
    private const string OutputSignature = "d0e6a833031e9bbcd3f4e8bde6ca49a4";

    /// <summary>The text that SDKs send for unknown values, and that is sent back for all of them.</summary>
    private const string UnknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

    private static readonly ImmutableHashSet<string> UnknownTexts =
    [
        UnknownText,
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    ];

    /// <summary>Decodes properties; null means absent, as in programs.</summary>
    public static Map Decode(Struct? properties) => properties is null ? Map.Empty : Map.Of(Known(properties));

    public static Struct Encode(Map map)
    {
        var properties = new Struct();
        foreach (var (name, value) in map.Items)
        {
            properties.Fields[name] = Encode(value);
        }
        return properties;
    }

    private static IEnumerable<KeyValuePair<string, Schema.Value>> Known(Struct properties) =>
        from field in properties.Fields
        let value = Decode(field.Value)
        where value is not null
        select KeyValuePair.Create(field.Key, value);

    private static Schema.Value? Decode(Wire wire) => wire.KindCase switch
    {
        Wire.KindOneofCase.StringValue => UnknownTexts.Contains(wire.StringValue) ? new Unknown() : new StringValue(wire.StringValue),
        Wire.KindOneofCase.NumberValue => new NumberValue(wire.NumberValue),
        Wire.KindOneofCase.BoolValue => new BoolValue(wire.BoolValue),
        // A null item keeps its place, so that a problem with a later item has the index that the user sees.
        Wire.KindOneofCase.ListValue => new List([.. wire.ListValue.Values.Select(item => Decode(item) ?? new StringValue(""))]),
        Wire.KindOneofCase.StructValue => DecodeObject(wire.StructValue),
        _ => null,
    };

    private static Schema.Value? DecodeObject(Struct properties) =>
        properties.Fields.TryGetValue(Signature, out var signature)
            ? signature.StringValue switch
            {
                SecretSignature => Member(properties, "value") is { } secret ? secret with { Secret = true } : null,
                OutputSignature => (Member(properties, "value") ?? new Unknown()) with { Secret = Member(properties, "secret") is BoolValue { Value: true } },
                ReferenceSignature => Member(properties, "id") switch
                {
                    // A reference without an id, or with an empty one, is to a resource that does not exist yet.
                    StringValue { Value.Length: > 0 } id => id,
                    null => Member(properties, "urn"),
                    _ => new Unknown(),
                },
                _ => Decode(properties),
            }
            : Decode(properties);

    private static Schema.Value? Member(Struct properties, string name) =>
        properties.Fields.TryGetValue(name, out var value) ? Decode(value) : null;

    private static Wire Encode(Schema.Value value) => value.Secret ? Secret(EncodePlain(value)) : EncodePlain(value);

    private static Wire EncodePlain(Schema.Value value) => value switch
    {
        StringValue text => Wire.ForString(text.Value),
        NumberValue number => Wire.ForNumber(number.Value),
        BoolValue flag => Wire.ForBool(flag.Value),
        Unknown => Wire.ForString(UnknownText),
        List list => Wire.ForList([.. list.Items.Select(Encode)]),
        Map map => Wire.ForStruct(Encode(map)),
        _ => throw new InvalidOperationException($"A {value.GetType().Name} has no form on Pulumi's wire."),
    };

    private static Wire Secret(Wire value) => Wire.ForStruct(new Struct
    {
        Fields = { [Signature] = Wire.ForString(SecretSignature), ["value"] = value },
    });
}
