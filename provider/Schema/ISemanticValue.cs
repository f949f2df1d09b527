using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgFleet.Schema;

/// <summary>
/// A type that travels as text and is equal by meaning. <c>ToString</c> gives the text as it was written.
/// Put <c>[JsonConverter(typeof(SemanticValueConverter&lt;T&gt;))]</c> on it, and a property may be declared with it.
/// </summary>
internal interface ISemanticValue<T>
    where T : class, ISemanticValue<T>, IEquatable<T>
{
    /// <summary>What a user is told to write: "a length of time, such as …".</summary>
    static abstract string Expected { get; }

    /// <summary>Null when the text has no such meaning.</summary>
    static abstract T? Parse(string text);

    /// <summary>What in particular is wrong with a text that has none, and what to write instead; null: nothing but that it is not what is expected.</summary>
    static virtual string? Misfit(string text) => null;
}

/// <summary>What the core asks of such a type, without knowing it.</summary>
internal interface ISemanticValueConverter
{
    string Expected { get; }

    bool Fits(string text);

    string? Misfit(string text);

    /// <summary>Of two texts that fit.</summary>
    bool Same(string left, string right);
}

internal sealed class SemanticValueConverter<T> : JsonConverter<T>, ISemanticValueConverter
    where T : class, ISemanticValue<T>, IEquatable<T>
{
    public string Expected => T.Expected;

    public bool Fits(string text) => T.Parse(text) is not null;

    public string? Misfit(string text) => T.Misfit(text);

    public bool Same(string left, string right) => T.Parse(left)!.Equals(T.Parse(right));

    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        T.Parse(reader.GetString()!) ?? throw new JsonException($"The value is not {T.Expected}.");

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString());
}
