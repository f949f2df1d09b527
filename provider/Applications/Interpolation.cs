using System.Text.RegularExpressions;
using PgFleet.Security;

namespace PgFleet.Applications;

/// <summary>${VAR} in the text of dbos-config.yaml, replaced before the text is read as YAML.</summary>
internal sealed partial class Interpolation(Func<string, string?> environment)
{
    // Private characters of Unicode, which YAML takes anywhere: the braces themselves mean something in places.
    private const char Opens = '\uE000', Closes = '\uE001';

    private readonly SortedSet<string> missing = new(StringComparer.Ordinal);
    private readonly HashSet<Secret> values = [];

    /// <summary>Variables that the text names and the environment does not have, or has empty.</summary>
    public IEnumerable<string> Missing => missing;

    /// <summary>What was put in, and may be secret.</summary>
    public IEnumerable<Secret> Values => values;

    /// <summary>A variable that a deploy sets stays as it is, for the command's own shell: its value stands on no command line.</summary>
    public string Replace(string text) => Variable().Replace(text, match => Value(match.Groups[1].Value));

    /// <summary>Of a text out of what <see cref="Replace"/> gave.</summary>
    public static string Restore(string text) =>
        text.Replace($"{Opens}", "${", StringComparison.Ordinal).Replace($"{Closes}", "}", StringComparison.Ordinal);

    private string Value(string name)
    {
        if (TargetEnvironment.Names.Contains(name))
        {
            return $"{Opens}{name}{Closes}";
        }
        if (environment(name) is { Length: > 0 } value)
        {
            values.Add(value);
            return value;
        }
        missing.Add(name);
        return "";
    }

    [GeneratedRegex(@"\$\{([^}]+)\}")]
    private static partial Regex Variable();
}
