using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using MiniEngine.Values;

namespace MiniEngine.State;

internal sealed class UrnConverter : JsonConverter<Urn>
{
    public override Urn Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Urn.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, Urn value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}

/// <summary>Properties at rest: every secret is encrypted (protocol 4.5), and nothing is unknown.</summary>
internal sealed class MapConverter(Vault vault) : JsonConverter<Map>
{
    private const string Ciphertext = "ciphertext";

    public override Map Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        (Map)Json.Read(JsonNode.Parse(ref reader), Special);

    public override void Write(Utf8JsonWriter writer, Map value, JsonSerializerOptions options)
    {
        if (!value.IsKnown)
            throw new InvalidOperationException("An unknown value was about to be recorded.");
        Json.Write(value, Encrypt).WriteTo(writer, options);
    }

    private JsonObject Encrypt(Value value) => new()
    {
        [WireNames.Signature] = WireNames.Secret,
        [Ciphertext] = vault.Encrypt(Json.Write(value, Encrypt)?.ToJsonString() ?? "null"),
    };

    private Value? Special(JsonObject fields)
    {
        if (fields[WireNames.Signature]?.GetValue<string>() is not { } signature)
            return null;
        if (signature == WireNames.Secret)
            return Json.Read(JsonNode.Parse(vault.Decrypt(fields[Ciphertext]!.GetValue<string>())), Special).AsSecret();
        var rest = fields.Where(field => field.Key != WireNames.Signature)
            .Select(field => KeyValuePair.Create(field.Key, Json.Read(field.Value, Special)));
        return WireDecoder.Special(signature, Map.Of(rest));
    }
}
