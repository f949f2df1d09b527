using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace PgFleet.Schema.Types;

/// <summary>
/// The value of a Postgres parameter: one line. Amounts with a unit are compared by amount ("16MB" and "16384kB", "1min" and "60s"),
/// booleans by meaning ("on", "true" and "yes"), and anything else by its text: only the server knows the unit of a bare number.
/// </summary>
[JsonConverter(typeof(SemanticValueConverter<Setting>))]
internal sealed partial record Setting : ISemanticValue<Setting>
{
    // PostgreSQL's units (guc.c), which are case-sensitive: memory units in steps of 1024, and time down to microseconds.
    private static readonly FrozenDictionary<string, (string Measure, decimal Size)> Units = new Dictionary<string, (string, decimal)>
    {
        ["B"] = ("bytes", 1m),
        ["kB"] = ("bytes", 1024m),
        ["MB"] = ("bytes", 1048576m),
        ["GB"] = ("bytes", 1073741824m),
        ["TB"] = ("bytes", 1099511627776m),
        ["us"] = ("time", 1m),
        ["ms"] = ("time", 1000m),
        ["s"] = ("time", 1000000m),
        ["min"] = ("time", 60000000m),
        ["h"] = ("time", 3600000000m),
        ["d"] = ("time", 86400000000m),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private readonly string text;
    private readonly string meaning;

    private Setting(string text) => (this.text, meaning) = (text, MeaningOf(text));

    public static string Expected => "a parameter's value on one line";

    public static Setting? Parse(string text) => text.AsSpan().IndexOfAny('\n', '\r', '\0') < 0 ? new(text) : null;

    public bool Equals(Setting? other) => other is not null && meaning == other.meaning;

    public override int GetHashCode() => meaning.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => text;

    private static string MeaningOf(string text)
    {
        var amount = Amount().Match(text);
        if (amount.Success && Units.TryGetValue(amount.Groups["unit"].Value, out var unit))
        {
            var count = decimal.Parse(amount.Groups["count"].ValueSpan, CultureInfo.InvariantCulture);
            return string.Create(CultureInfo.InvariantCulture, $"{(count * unit.Size).ToString("0.############", CultureInfo.InvariantCulture)} {unit.Measure}");
        }

        return text.ToLowerInvariant() switch
        {
            "on" or "true" or "yes" => "on",
            "off" or "false" or "no" => "off",
            _ => text,
        };
    }

    // A leading zero means octal to Postgres, so such a text is compared as it is.
    [GeneratedRegex(@"\A(?<count>(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?) ?(?<unit>[A-Za-z]+)\z")]
    private static partial Regex Amount();
}
