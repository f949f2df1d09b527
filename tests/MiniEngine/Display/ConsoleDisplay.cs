using System.Collections.Concurrent;
using MiniEngine.Values;

namespace MiniEngine.Display;

internal enum ProgressStyle { None, Plain, Live }

/// <summary>Shows a line for each step that changes something, its changes, and providers' messages.</summary>
internal sealed class ConsoleDisplay(TextWriter writer, ProgressStyle style) : IDisplay
{
    private const string EraseLine = "\r\u001b[2K";
    private const string Unseen = "[unknown]"; // an output that the provider names without giving its value
    private readonly Lock gate = new();
    private readonly ConcurrentDictionary<Urn, bool> deletedFirst = new();
    private bool statusShown;

    public void Began(string what) => WriteLines([$"{what}:"]);

    public void Started(Urn urn, Op op)
    {
        if (op is not Op.Same)
            Progress(urn, $"{Words.Doing(op)} …");
    }

    public void Finished(Step step)
    {
        if (step is { Op: Op.Same, Error: null })
            return;
        var end = step.Error is null ? "" : "  **failed**";
        WriteLines([$" {Sign(step),-2} {step.Type}  {step.Name}  {Words.Verb(step.Op)}{end}", .. step.Changes.Select(Describe)]);
    }

    public void Write(Diagnostic diagnostic)
    {
        if (diagnostic.Severity is not Severity.Debug)
            WriteLines([$"    {diagnostic.Severity.ToString().ToLowerInvariant()}: {(diagnostic.Urn is { } urn ? $"{urn.Name}: " : "")}{diagnostic.Message}"]);
    }

    public void Progress(Urn? urn, string text)
    {
        var line = $"    {urn?.Name}: {text}";
        if (style is ProgressStyle.Plain)
            WriteLines([line]);
        else if (style is ProgressStyle.Live)
            ShowStatus(line);
    }

    /// <summary>The sign of a step; for a replacement it shows what came first.</summary>
    private string Sign(Step step)
    {
        if (step.Op is Op.DeleteReplaced)
            deletedFirst[step.Urn] = true;
        return step.Op is Op.CreateReplacement && deletedFirst.TryRemove(step.Urn, out _) ? "-+" : Words.Sign(step.Op);
    }

    private static string Describe(PropertyChange change)
    {
        var values = change.Kind switch
        {
            ChangeKind.Add => change.New,
            ChangeKind.Delete => change.Old,
            _ => $"{change.Old ?? Unseen} => {change.New ?? Unseen}",
        };
        return $"      {(change.Replaces ? "+-" : Words.Sign(change.Kind)),-2} {change.Path}: {values}";
    }

    private void ShowStatus(string line)
    {
        lock (gate)
        {
            writer.Write(EraseLine + line.ReplaceLineEndings(" "));
            writer.Flush();
            statusShown = true;
        }
    }

    private void WriteLines(IEnumerable<string> lines)
    {
        lock (gate)
        {
            if (statusShown)
                writer.Write(EraseLine);
            statusShown = false;
            foreach (var line in lines)
                writer.WriteLine(line);
            writer.Flush();
        }
    }
}
