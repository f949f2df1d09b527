using PgFleet.Failures;
using PgFleet.Security;

namespace PgFleet.Applications;

/// <summary>A key to set in a YAML section.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The parsed value, which may be a password.</param>
/// <param name="Written">The value as YAML.</param>
/// <param name="IsText">True if quotes around the value do not change its meaning.</param>
/// <param name="WhereThere">True: set it only where the key exists already.</param>
internal sealed record YamlSetting(string Key, Secret Value, Secret Written, bool IsText = true, bool WhereThere = false);

/// <summary>Sets keys of one section of a YAML text, and leaves every other character unchanged.</summary>
internal sealed class YamlEdit(string text, string section)
{
    private readonly List<(int At, int Length, string New)> edits = [];

    private string LineBreak => text.Contains("\r\n", StringComparison.Ordinal) ? "\r\n" : "\n";

    /// <returns>The text; the same one when it was already up to date.</returns>
    /// <exception cref="ResourceFailure">The section is written in a form that this cannot edit.</exception>
    public string Set(IReadOnlyList<YamlSetting> settings)
    {
        var root = YamlText.Read(text);
        var needed = settings.Where(setting => !setting.WhereThere).ToList();
        switch (root, root?[section])
        {
            case ({ IsMarked: true }, _) or (_, { IsMarked: true }):
                throw Refusal($"{section}, or its root, has an anchor or a tag");
            case (null or { IsEmpty: true }, _):
                Insert(text.Length, $"{BreakBefore(text.Length)}{section}:{Lines(needed, "  ")}{LineBreak}");
                break;
            case ({ Entries: null }, _):
                throw Refusal("its root is not a mapping");
            case ({ IsInline: true }, null):
                Insert(root.Start + 1, $"{section}: {{{Row(needed)}}}{(root.Entries.Count > 0 ? ", " : "")}");
                break;
            case (_, null):
                Insert(text.Length, $"{BreakBefore(text.Length)}{section}:{Lines(needed, "  ")}{LineBreak}");
                break;
            case ({ IsInline: false }, { IsEmpty: true } nothing):
                Insert(EndOfLine(nothing.End), Lines(needed, "  "));
                break;
            case (_, { Entries: { } entries } mapping):
                Within(mapping, entries, settings);
                break;
            default:
                throw Refusal($"{section} is not a mapping");
        }
        return edits.OrderByDescending(edit => edit.At).Aggregate(text, (changed, edit) => changed.Remove(edit.At, edit.Length).Insert(edit.At, edit.New));
    }

    private void Within(YamlPlace mapping, IReadOnlyList<(YamlPlace Key, YamlPlace Value)> entries, IReadOnlyList<YamlSetting> settings)
    {
        foreach (var setting in settings)
        {
            if (mapping[setting.Key] is { } held)
            {
                Replace(held, setting);
            }
        }
        var missing = settings.Where(setting => !setting.WhereThere && mapping[setting.Key] is null).ToList();
        if (missing.Count == 0)
        {
            return;
        }
        if (mapping.IsInline)
        {
            Insert(mapping.Start + 1, Row(missing) + (entries.Count > 0 ? ", " : ""));
            return;
        }
        var first = entries[0].Key.Start;
        var indent = text[(text.LastIndexOf('\n', first) + 1)..first];
        Insert(first, indent.All(char.IsWhiteSpace) ? $"{Lines(missing, indent)[(LineBreak.Length + indent.Length)..]}{LineBreak}{indent}" : throw Refusal($"{section} does not begin on a line of its own"));
    }

    private void Replace(YamlPlace held, YamlSetting setting)
    {
        if (held.Value == setting.Value.Reveal() && (setting.IsText || held.IsPlain))
        {
            return;
        }
        if (held.IsEmpty)
        {
            Insert(held.End, $" {setting.Written.Reveal()}");
        }
        else if (held.IsMarked)
        {
            throw Refusal($"{section}.{setting.Key} has an anchor or a tag");
        }
        else if (held.IsInline)
        {
            edits.Add((held.Start, held.End - held.Start, setting.Written.Reveal()));
        }
        else
        {
            throw Refusal($"{section}.{setting.Key} takes several lines");
        }
    }

    private void Insert(int at, string text) => edits.Add((at, 0, text));

    private string Lines(IEnumerable<YamlSetting> settings, string indent) =>
        string.Concat(settings.Select(setting => $"{LineBreak}{indent}{setting.Key}: {setting.Written.Reveal()}"));

    private static string Row(IEnumerable<YamlSetting> settings) => string.Join(", ", settings.Select(setting => $"{setting.Key}: {setting.Written.Reveal()}"));

    private string BreakBefore(int at) => at == 0 || text[at - 1] == '\n' ? "" : LineBreak;

    private int EndOfLine(int from)
    {
        var end = text.IndexOf('\n', from);
        return end < 0 ? text.Length : end > 0 && text[end - 1] == '\r' ? end - 1 : end;
    }

    private static ResourceFailure Refusal(string reason) =>
        new(FailureKind.Refused, $"It is written in a way that is not changed by a program: {reason}.", "Write hostname, port, username and password as lines below database:, then run again.");
}
