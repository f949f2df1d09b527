using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgFleet.Security;

/// <summary>
/// A password, or a text that holds one. Nothing prints it: no record that it is a member of, no interpolated text, no debugger. Equal by its
/// text. JSON holds the text itself, because states and the records of linked servers do.
/// </summary>
[DebuggerDisplay(Mask)]
[JsonConverter(typeof(SecretConverter))]
internal sealed record Secret
{
    /// <summary>What is printed in its place.</summary>
    public const string Mask = "[secret]";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string text;

    public Secret(string text) => this.text = text;

    /// <summary>Any text may become one, and only <see cref="Reveal"/> leads back.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Secret?(string? text) => text is null ? null : new(text);

    /// <summary>The clear text, for where it leaves this program: a connection, a child's environment, a private file; and for what is computed of it.</summary>
    public string Reveal() => text;

    public override string ToString() => Mask;
}

internal sealed class SecretConverter : JsonConverter<Secret>
{
    public override Secret? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(value.Reveal());
}
