using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace PgFleet.Schema.Types;

/// <summary>
/// An encoding that a Postgres server can store. As in Postgres, only letters and digits count, in any case: "utf8", "UTF-8" and "Unicode" are equal.
/// </summary>
[JsonConverter(typeof(SemanticValueConverter<EncodingName>))]
internal sealed record EncodingName : ISemanticValue<EncodingName>
{
    // The server encodings of PostgreSQL 14 to 18 (pg_enc2name_tbl) with their aliases (pg_encname_tbl); client-only encodings are left out.
    private static readonly FrozenDictionary<string, string> Canonical = new (string Name, string[] Aliases)[]
    {
        ("SQL_ASCII", []),
        ("EUC_JP", []),
        ("EUC_CN", []),
        ("EUC_KR", []),
        ("EUC_TW", []),
        ("EUC_JIS_2004", []),
        ("UTF8", ["UNICODE"]),
        ("MULE_INTERNAL", []),
        ("LATIN1", ["ISO88591"]),
        ("LATIN2", ["ISO88592"]),
        ("LATIN3", ["ISO88593"]),
        ("LATIN4", ["ISO88594"]),
        ("LATIN5", ["ISO88599"]),
        ("LATIN6", ["ISO885910"]),
        ("LATIN7", ["ISO885913"]),
        ("LATIN8", ["ISO885914"]),
        ("LATIN9", ["ISO885915"]),
        ("LATIN10", ["ISO885916"]),
        ("WIN1250", ["WINDOWS1250"]),
        ("WIN1251", ["WIN", "WINDOWS1251"]),
        ("WIN1252", ["WINDOWS1252"]),
        ("WIN1253", ["WINDOWS1253"]),
        ("WIN1254", ["WINDOWS1254"]),
        ("WIN1255", ["WINDOWS1255"]),
        ("WIN1256", ["WINDOWS1256"]),
        ("WIN1257", ["WINDOWS1257"]),
        ("WIN1258", ["ABC", "TCVN", "TCVN5712", "VSCII", "WINDOWS1258"]),
        ("WIN866", ["ALT", "WINDOWS866"]),
        ("WIN874", ["WINDOWS874"]),
        ("KOI8R", ["KOI8"]),
        ("KOI8U", []),
        ("ISO_8859_5", []),
        ("ISO_8859_6", []),
        ("ISO_8859_7", []),
        ("ISO_8859_8", []),
    }.SelectMany(encoding => encoding.Aliases.Append(encoding.Name).Select(alias => (Letters: Letters(alias), encoding.Name)))
        .ToFrozenDictionary(alias => alias.Letters, alias => alias.Name, StringComparer.Ordinal);

    private readonly string text;

    private EncodingName(string text, string name) => (this.text, Name) = (text, name);

    public static string Expected => "an encoding that a server can store, such as \"UTF8\" or \"LATIN1\"";

    /// <summary>The name in Postgres's spelling.</summary>
    public string Name { get; }

    public static EncodingName? Parse(string text) => Canonical.TryGetValue(Letters(text), out var name) ? new(text, name) : null;

    public bool Equals(EncodingName? other) => other is not null && Name == other.Name;

    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => text;

    private static string Letters(string name) => new([.. name.Where(char.IsAsciiLetterOrDigit).Select(char.ToLowerInvariant)]);
}
