using Google.Protobuf.WellKnownTypes;
using Wire = Google.Protobuf.WellKnownTypes.Value;

namespace MiniEngine.Values;

/// <summary>Decodes values in every form that a provider may return (protocol 3).</summary>
internal static class WireDecoder
{
    public static Map Decode(Struct fields) =>
        Map.Of(fields.Fields.Select(field => KeyValuePair.Create(field.Key, Decode(field.Value))));

    private static Value Decode(Wire wire) => wire.KindCase switch
    {
        Wire.KindOneofCase.BoolValue => new Flag(wire.BoolValue),
        Wire.KindOneofCase.NumberValue => new Number(wire.NumberValue),
        Wire.KindOneofCase.StringValue => DecodeText(wire.StringValue),
        Wire.KindOneofCase.ListValue => new List([.. wire.ListValue.Values.Select(Decode)]),
        Wire.KindOneofCase.StructValue => DecodeStruct(wire.StructValue),
        _ => Null.Instance,
    };

    public static Value DecodeText(string text) => WireNames.Unknowns.Contains(text) ? Unknown.Instance : new Text(text);

    private static Value DecodeStruct(Struct fields)
    {
        if (!fields.Fields.TryGetValue(WireNames.Signature, out var signature))
            return Decode(fields);
        var rest = fields.Clone();
        rest.Fields.Remove(WireNames.Signature);
        return Special(signature.StringValue, Decode(rest));
    }

    /// <summary>Decodes a special value: a signature, and the keys beside it.</summary>
    public static Value Special(string signature, Map fields) => signature switch
    {
        WireNames.Secret => (fields["value"] ?? throw new FormatException("A secret has no \"value\".")).AsSecret(),
        WireNames.Output => (fields["value"] ?? Unknown.Instance).AsSecret(fields["secret"] is Flag { On: true }),
        WireNames.Reference => new Reference(
            Urn.Parse((fields["urn"] as Text)?.Content ?? throw new FormatException("A resource reference has no \"urn\".")),
            fields["id"] is Text { Content: not "" } id ? id.Content : null),
        WireNames.Asset or WireNames.Archive or WireNames.Bytes => new Opaque(signature, fields),
        _ => throw new FormatException($"The signature \"{signature}\" is not known."),
    };
}
