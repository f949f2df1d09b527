using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgFleet.Postgres.Wal;

/// <summary>Converts a WAL position to PostgreSQL's notation: "0/2000028".</summary>
internal sealed class LsnJson : JsonConverter<Lsn>
{
    public override Lsn Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetString() is { } text && Lsn.TryParse(text, out var position)
            ? position
            : throw new FormatException($"\"{reader.GetString()}\" is no WAL position; one reads as \"0/2000028\".");

    public override void Write(Utf8JsonWriter writer, Lsn value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
