using Google.Protobuf.WellKnownTypes;
using Wire = Google.Protobuf.WellKnownTypes.Value;

namespace MiniEngine.Values;

/// <summary>Encodes values for a receiver (the table of protocol 3).</summary>
/// <param name="Secrets">Secrets are wrapped; else sent in plain form.</param>
/// <param name="References">Resources are sent as references; else as their id, or URN if there is none.</param>
/// <param name="Unknowns">Unknown values are sent as their sentinel; else they are left out.</param>
internal sealed record WireEncoder(bool Secrets, bool References, bool Unknowns)
{
    public Struct Encode(Map map)
    {
        var fields = new Struct();
        foreach (var (name, value) in map.Items)
        {
            if (Encode(value) is { } wire)
                fields.Fields[name] = wire;
        }
        return fields;
    }

    private Wire? Encode(Value value) => value switch
    {
        Flag flag => Wire.ForBool(flag.On),
        Number number => Wire.ForNumber(number.Amount),
        Text text => Wire.ForString(text.Content),
        Unknown => Unknowns ? Wire.ForString(WireNames.UnknownText) : null,
        List list => Wire.ForList([.. list.Items.Select(Encode).OfType<Wire>()]),
        Map map => Wire.ForStruct(Encode(map)),
        Secret secret => Encode(secret),
        Reference reference => Encode(reference),
        Opaque opaque => Marked(opaque.Signature, Encode(opaque.Fields)),
        _ => Wire.ForNull(),
    };

    private Wire? Encode(Secret secret)
    {
        var inner = Encode(secret.Inner);
        return inner is null || !Secrets ? inner : Marked(WireNames.Secret, new Struct { Fields = { ["value"] = inner } });
    }

    private Wire Encode(Reference reference)
    {
        if (!References)
            return Wire.ForString(reference.Id ?? (Unknowns ? WireNames.UnknownText : reference.Urn.ToString()));
        var fields = new Struct { Fields = { ["urn"] = Wire.ForString(reference.Urn.ToString()) } };
        fields.Fields["id"] = Wire.ForString(reference.Id ?? (Unknowns ? WireNames.UnknownText : ""));
        return Marked(WireNames.Reference, fields);
    }

    private static Wire Marked(string signature, Struct fields)
    {
        fields.Fields[WireNames.Signature] = Wire.ForString(signature);
        return Wire.ForStruct(fields);
    }
}
