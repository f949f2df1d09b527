using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgFleet.Security;

/// <summary>
/// A password, or a string that contains one. Nothing prints it: no record that it is a member of, no interpolated string, no debugger. Compared by its text.
/// JSON contains the text itself, because states and the records of linked servers do.
/// </summary>
[DebuggerDisplay(Mask)]
[JsonConverter(typeof(SecretConverter))]
internal sealed record Secret
{
    /// <summary>The placeholder that is printed instead.</summary>
    public const string Mask = "[secret]";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string text;

    public Secret(string text) => this.text = text;

    /// <summary>Converts any string; only <see cref="Reveal"/> converts back.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Secret?(string? text) => text is null ? null : new(text);

    /// <summary>
    /// Returns the clear text, where it leaves this program (a connection, a child's environment, a private file) or something is computed from it.
    /// </summary>
    public string Reveal() => text;

    public override string ToString() => Mask;
}

internal sealed class SecretConverter : JsonConverter<Secret>
{
    public override Secret? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetString();

    public override void Write(Utf8JsonWriter writer, Secret value, JsonSerializerOptions options) => writer.WriteStringValue(value.Reveal());
}
