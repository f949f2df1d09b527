using System.Text.RegularExpressions;

namespace PgFleet.Failures;

/// <summary>Quotes a text as one word of a shell command that is shown to the user.</summary>
internal static partial class ShellWord
{
    public static string Of(string text) => Plain().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\A[\w./-]+\z")]
    private static partial Regex Plain();
}
