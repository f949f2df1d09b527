using System.Text.Json.Serialization;

namespace PgFleet.Schema.Types;

/// <summary>
/// A locale of the C library, of ICU or of Postgres's builtin provider. Names are equal if these providers treat them alike: "en_US.utf8" and
/// "en_US.UTF-8", "de_AT" and "de-AT", "C" and "POSIX", "root" and "und".
/// </summary>
[JsonConverter(typeof(SemanticValueConverter<LocaleName>))]
internal sealed record LocaleName : ISemanticValue<LocaleName>
{
    private readonly string text, meaning;

    private LocaleName(string text) => (this.text, meaning) = (text, Meaning(text));

    public static string Expected => "a locale that the server knows, such as \"C\", \"en_US.UTF-8\" or \"de-AT\"";

    public static LocaleName? Parse(string text) => text.Length == 0 ? null : new(text);

    public bool Equals(LocaleName? other) => other is not null && meaning == other.meaning;

    public override int GetHashCode() => meaning.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => text;

    /// <remarks>language[_territory][.codeset][@modifier]; in a codeset, only letters and digits count, as in glibc.</remarks>
    private static string Meaning(string text)
    {
        var (name, modifier) = Cut(text, '@');
        var (language, codeset) = Cut(name, '.');
        return language.Replace('_', '-').ToLowerInvariant() switch
        {
            "posix" => "c",
            "root" => "und",
            var tag => tag,
        } + "." + string.Concat(codeset.Where(char.IsAsciiLetterOrDigit)).ToLowerInvariant() + "@" + modifier.ToLowerInvariant();
    }

    private static (string Before, string After) Cut(string text, char at) => text.Split(at, 2) is [var before, var after] ? (before, after) : (text, "");
}
