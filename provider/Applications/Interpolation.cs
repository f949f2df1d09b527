using System.Text.RegularExpressions;
using PgFleet.Security;

namespace PgFleet.Applications;

/// <summary>Replaces ${VAR} in the text of dbos-config.yaml before it is parsed as YAML.</summary>
internal sealed partial class Interpolation(Func<string, string?> environment)
{
    // Private-use Unicode characters, which YAML accepts anywhere; braces would have a meaning in some places.
    private const char Opens = '\uE000', Closes = '\uE001';

    private readonly SortedSet<string> missing = new(StringComparer.Ordinal);
    private readonly HashSet<Secret> values = [];

    /// <summary>Variables in the text that are unset or empty in the environment.</summary>
    public IEnumerable<string> Missing => missing;

    /// <summary>The values that were inserted, which may be secret.</summary>
    public IEnumerable<Secret> Values => values;

    /// <summary>Inserts values. A variable that a deploy sets is left for the command's own shell, so that its value appears in no command line.</summary>
    public string Replace(string text) => Variable().Replace(text, match => Value(match.Groups[1].Value));

    /// <summary>Restores the variables that <see cref="Replace"/> left.</summary>
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
