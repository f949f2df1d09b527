using System.Text;
using System.Text.RegularExpressions;

namespace PgFleet.Applications;

/// <summary>
/// The paths of an application's directory that do not belong to it: those in .dbosignore, in the syntax of gitignore(5) without named
/// character classes, and a fixed list. As in git, nothing inside an ignored folder can be re-included.
/// </summary>
internal sealed class IgnoreRules
{
    public const string FileName = ".dbosignore";

    /// <summary>Ignored at every depth; includes the backup and temporary files of "pgfleet connect".</summary>
    private static readonly string[] Always = [".git", "node_modules", ".dbos", $"/{DbosConfig.FileName}.*.bak", $"/{DbosConfig.FileName}.new", $"/{DbosConfig.FileName}.*.new"];

    private readonly List<Rule> rules;

    public IgnoreRules(IEnumerable<string> lines) => rules = [.. lines.Concat(Always).Select(Rule.Of).OfType<Rule>()];

    /// <summary>True if a path is ignored. It is relative to the directory, with slashes, and its parents are not ignored.</summary>
    public bool Ignores(string path, bool isFolder) =>
        rules.LastOrDefault(rule => (isFolder || !rule.FoldersOnly) && rule.Pattern.IsMatch(path)) is { Negated: false };

    private sealed record Rule(Regex Pattern, bool FoldersOnly, bool Negated)
    {
        /// <summary>Parses a line; null for a blank line or a comment.</summary>
        public static Rule? Of(string line)
        {
            var text = WithoutTrailingBlanks(line.TrimEnd('\r'));
            if (text.Length == 0 || text[0] == '#')
            {
                return null;
            }
            var negated = text[0] == '!';
            text = negated ? text[1..] : text;
            var foldersOnly = text.EndsWith('/');
            text = foldersOnly ? text[..^1] : text;
            // A slash before the end anchors the pattern to the directory itself.
            var prefix = text.Contains('/', StringComparison.Ordinal) ? "" : "(?:.*/)?";
            return new(new($@"\A{prefix}{Translated(text.TrimStart('/'))}\z", RegexOptions.Singleline | RegexOptions.CultureInvariant), foldersOnly, negated);
        }

        private static string WithoutTrailingBlanks(string line)
        {
            var end = line.Length;
            while (end > 0 && line[end - 1] == ' ' && !(end > 1 && line[end - 2] == '\\'))
            {
                end--;
            }
            return line[..end];
        }

        private static string Translated(string glob)
        {
            var regex = new StringBuilder();
            for (var i = 0; i < glob.Length; i++)
            {
                var rest = glob.AsSpan(i);
                var begins = i == 0 || glob[i - 1] == '/';
                if (begins && rest.StartsWith("**/"))
                {
                    regex.Append("(?:.*/)?");
                    i += 2;
                }
                else if (begins && rest is "**")
                {
                    regex.Append(".+");
                    i++;
                }
                else if (rest[0] == '[')
                {
                    i += AppendClass(regex, rest);
                }
                else if (rest[0] == '\\' && rest.Length > 1)
                {
                    regex.Append(Literal(glob[++i]));
                }
                else
                {
                    regex.Append(rest[0] switch { '*' => "[^/]*", '?' => "[^/]", var letter => Literal(letter) });
                }
            }
            return regex.ToString();
        }

        /// <returns>The class's length minus one. An unterminated class matches nothing.</returns>
        private static int AppendClass(StringBuilder regex, ReadOnlySpan<char> glob)
        {
            var negated = glob.Length > 1 && glob[1] is '!' or '^';
            var first = negated ? 2 : 1;
            var letters = new StringBuilder();
            for (var i = first; i < glob.Length; i++)
            {
                if (glob[i] == ']' && i > first)
                {
                    regex.Append(negated ? $"(?!/)[^{letters}]" : $"(?!/)[{letters}]");
                    return i;
                }
                i += glob[i] == '\\' && i + 1 < glob.Length ? 1 : 0;
                if (i + 2 < glob.Length && glob[i + 1] == '-' && glob[i + 2] != ']')
                {
                    var last = glob[i + 2] == '\\' && i + 3 < glob.Length ? i + 3 : i + 2;
                    // A reversed range matches nothing.
                    letters.Append(glob[i] <= glob[last] ? $"{Literal(glob[i])}-{Literal(glob[last])}" : "");
                    i = last;
                }
                else
                {
                    letters.Append(Literal(glob[i]));
                }
            }
            regex.Append("(?!)");
            return glob.Length - 1;
        }

        private static string Literal(char letter) => $@"\u{(int)letter:X4}";
    }
}
