using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgFleet.Postgres.Wal;

/// <summary>A WAL position in PostgreSQL's notation: "0/2000028".</summary>
[JsonConverter(typeof(LsnJson))]
internal readonly record struct Lsn(ulong Value) : IComparable<Lsn>
{
    public static Lsn Parse(string text) =>
        text.Split('/') is [var high, var low]
            ? new(((ulong)Hex(high) << 32) | Hex(low))
            : throw new FormatException($"\"{text}\" is no WAL position; one reads as \"0/2000028\".");

    public int CompareTo(Lsn other) => Value.CompareTo(other.Value);

    public override string ToString() => $"{Value >> 32:X}/{(uint)Value:X}";

    private static uint Hex(string digits) => uint.Parse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
}

internal sealed class LsnJson : JsonConverter<Lsn>
{
    public override Lsn Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Lsn.Parse(reader.GetString() ?? "");

    public override void Write(Utf8JsonWriter writer, Lsn value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
