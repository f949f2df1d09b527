using System.Text.Json;
using System.Text.Json.Serialization;
using PgFleet.Failures;

namespace PgFleet.Archives;

/// <summary>Preserves the terms of a message that is passed to another process: a message without terms is a string, any other a list of its parts.</summary>
internal sealed class MessageConverter : JsonConverter<Message>
{
    public override Message Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String ? reader.GetString()!
        : JsonSerializer.Deserialize(ref reader, ArchiveJson.Default.MessagePartArray) is { } parts && parts.All(IsWhole) ? new Message(parts)
        : throw new JsonException("A part of the message is missing.");

    public override void Write(Utf8JsonWriter writer, Message value, JsonSerializerOptions options)
    {
        if (value.Parts.All(part => part.Kind == PartKind.Text))
        {
            writer.WriteStringValue(value.ToString());
        }
        else
        {
            JsonSerializer.Serialize(writer, [.. value.Parts], ArchiveJson.Default.MessagePartArray);
        }
    }

    private static bool IsWhole(MessagePart? part) => part is { Text: not null, Name: not null, Id: not null } && Enum.IsDefined(part.Kind);
}
