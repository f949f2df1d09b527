using System.Text.Json;
using System.Text.Json.Serialization;

namespace PgFleet.Schema;

/// <summary>
/// A type that is written as a string and compared by meaning. <c>ToString</c> returns the string as it was written.
/// Properties may have such a type once it carries <c>[JsonConverter(typeof(SemanticValueConverter&lt;T&gt;))]</c>.
/// </summary>
internal interface ISemanticValue<T>
    where T : class, ISemanticValue<T>, IEquatable<T>
{
    /// <summary>What the user is told to write: "a length of time, such as …".</summary>
    static abstract string Expected { get; }

    /// <summary>Parses a string; null when it is not valid.</summary>
    static abstract T? Parse(string text);

    /// <summary>A specific explanation of why a string is not valid, and what to write instead; null: only the general one.</summary>
    static virtual string? Misfit(string text) => null;
}

/// <summary>Operations on such a type without a type parameter.</summary>
internal interface ISemanticValueConverter
{
    string Expected { get; }

    bool Fits(string text);

    string? Misfit(string text);

    /// <summary>Compares two strings that fit.</summary>
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
