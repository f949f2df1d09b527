using System.Globalization;
using System.Text.Encodings.Web;

namespace PgFleet.Schema;

/// <summary>Formats the user's values in a problem's text.</summary>
internal static class Wording
{
    private const int Longest = 80;

    /// <summary>The value as the user wrote it; "the value" for a secret.</summary>
    public static string Quote(Value value) => value switch
    {
        { Secret: true } => "the value",
        StringValue text => Quote(text.Value),
        NumberValue number => number.Value.ToString(CultureInfo.InvariantCulture),
        BoolValue flag => flag.Value ? "true" : "false",
        List => "a list",
        Map => "a map",
        _ => "the value",
    };

    /// <summary>The text in double quotes, on one line, truncated when it is long.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length > Longest ? $"{text[..Longest]}…" : text;
        return $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(shown)}\"";
    }

    /// <summary>Joins choices: <c>"a", "b" or "c"</c>.</summary>
    public static string Either(IReadOnlyList<string> choices) =>
        choices.Count < 2
            ? string.Concat(choices.Select(Quote))
            : $"{string.Join(", ", choices.SkipLast(1).Select(Quote))} or {Quote(choices[^1])}";
}
