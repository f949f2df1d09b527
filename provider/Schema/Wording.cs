using System.Globalization;
using System.Text.Encodings.Web;

namespace PgFleet.Schema;

/// <summary>The parts of a problem's text that depend on the user's words.</summary>
internal static class Wording
{
    private const int Longest = 80;

    /// <summary>The value as the user wrote it; a secret only by name.</summary>
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

    /// <summary>In double quotes, on one line, cut when it is long.</summary>
    public static string Quote(string text)
    {
        var shown = text.Length > Longest ? $"{text[..Longest]}…" : text;
        return $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(shown)}\"";
    }

    /// <summary><c>"a", "b" or "c"</c>.</summary>
    public static string Either(IReadOnlyList<string> choices) =>
        choices.Count < 2
            ? string.Concat(choices.Select(Quote))
            : $"{string.Join(", ", choices.SkipLast(1).Select(Quote))} or {Quote(choices[^1])}";
}
