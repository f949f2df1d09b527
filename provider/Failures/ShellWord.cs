using System.Text.RegularExpressions;

namespace PgFleet.Failures;

/// <summary>A text as one word of a command that the user is told to run.</summary>
internal static partial class ShellWord
{
    public static string Of(string text) => Plain().IsMatch(text) ? text : $"'{text.Replace("'", "'\\''", StringComparison.Ordinal)}'";

    [GeneratedRegex(@"\A[\w./-]+\z")]
    private static partial Regex Plain();
}
