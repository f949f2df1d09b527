namespace PgFleet.EndToEnd;

/// <summary>The executable parts of docs/recovery-runbook.md.</summary>
internal static class Runbook
{
    private const string Fence = "```";

    /// <summary>The instructions of each chapter, in order; chapters without any are left out.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<Instruction>> Chapters { get; } = Read()
        .GroupBy(instruction => instruction.Chapter)
        .ToDictionary(chapter => chapter.Key, IReadOnlyList<Instruction> (chapter) => [.. chapter]);

    private static IEnumerable<Instruction> Read()
    {
        var chapter = "";
        using var lines = File.ReadLines(Path.Combine(Repository.Root, "docs", "recovery-runbook.md")).GetEnumerator();
        while (lines.MoveNext())
        {
            if (lines.Current.StartsWith('#'))
            {
                chapter = lines.Current.TrimStart('#', ' ');
            }
            else if (lines.Current.StartsWith(Fence, StringComparison.Ordinal))
            {
                yield return new(chapter, lines.Current[Fence.Length..], string.Join('\n', Until(lines, Fence)));
            }
        }
    }

    private static IEnumerable<string> Until(IEnumerator<string> lines, string end)
    {
        while (lines.MoveNext() && lines.Current != end)
        {
            yield return lines.Current;
        }
    }
}

/// <summary>A fenced block of a chapter.</summary>
/// <param name="Language">"sh": commands; "diff": a change of the program.</param>
internal sealed record Instruction(string Chapter, string Language, string Text);
