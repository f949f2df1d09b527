using System.Globalization;
using MiniEngine.Values;

namespace MiniEngine.Display;

/// <summary>Shows a run as Pulumi does: a line for each step that changes something, the changes below it, and the providers' messages. Thread-safe.</summary>
internal sealed class ConsoleDisplay(TextWriter writer)
{
    private const string Unseen = "[unknown]"; // an output that the provider names without giving its value
    private readonly Lock gate = new();
    private readonly HashSet<Urn> deletedFirst = [];

    /// <param name="what">As in "Updating (dev)".</param>
    public void Began(string what) => Write($"{what}:");

    public void Finished(Step step)
    {
        if (step is not { Op: Op.Same, Error: null })
            Write([$" {Sign(step),-2} {step.Type}  {step.Name}  {Verb(step.Op)}{(step.Error is null ? "" : "  **failed**")}", .. step.Changes.Select(Describe)]);
    }

    public void Write(Diagnostic diagnostic)
    {
        if (diagnostic.Severity is not Severity.Debug)
            Write($"    {diagnostic.Severity.ToString().ToLowerInvariant()}: {(diagnostic.Urn is { } urn ? $"{urn.Name}: " : "")}{diagnostic.Message}");
    }

    public void Ended(StackResult result, TimeSpan duration)
    {
        if (result.Program is { } program)
            Write($"Put this into the program, and fill in what is secret:\n\n{program}");
        if (result.Outputs.Count > 0)
            Write(["Outputs:", .. result.Outputs.Select(output => $"    {output.Key}: {(result.SecretOutputs.Contains(output.Key) ? "[secret]" : Json.Show(output.Value))}")]);
        var done = result.Steps.Where(step => step.Error is null).GroupBy(step => step.Op).OrderBy(group => group.Key);
        Write(["Resources:", .. done.Select(group => string.Create(CultureInfo.InvariantCulture, $"    {Sign(group.Key),-2} {group.Count()} {Verb(group.Key)}"))]);
        if (result.Steps.Count(step => step.Error is not null) is > 0 and var failed)
            Write($"    {failed} failed");
        Write(string.Create(CultureInfo.InvariantCulture, $"Duration: {duration.TotalSeconds:0.0} s"));
    }

    /// <summary>The sign of a step; for a replacement it shows what came first.</summary>
    private string Sign(Step step)
    {
        lock (gate)
        {
            if (step.Op is Op.DeleteReplaced)
                deletedFirst.Add(step.Urn);
            return step.Op is Op.CreateReplacement && deletedFirst.Remove(step.Urn) ? "-+" : Sign(step.Op);
        }
    }

    private static string Describe(PropertyChange change) => change.Kind switch
    {
        ChangeKind.Add => $"      {(change.Replaces ? "+-" : "+"),-2} {change.Path}: {change.New}",
        ChangeKind.Delete => $"      {(change.Replaces ? "+-" : "-"),-2} {change.Path}: {change.Old}",
        _ => $"      {(change.Replaces ? "+-" : "~"),-2} {change.Path}: {change.Old ?? Unseen} => {change.New ?? Unseen}",
    };

    private static string Sign(Op op) => op switch
    {
        Op.Create => "+",
        Op.Update => "~",
        Op.Delete => "-",
        Op.CreateReplacement => "+-",
        Op.DeleteReplaced => "--",
        Op.Read => ">",
        Op.Import => "=",
        _ => "",
    };

    private static string Verb(Op op) => op switch
    {
        Op.CreateReplacement => "replace",
        Op.DeleteReplaced => "delete the replaced",
        _ => op.ToString().ToLowerInvariant(),
    };

    private void Write(params IEnumerable<string> lines)
    {
        lock (gate)
        {
            foreach (var line in lines)
                writer.WriteLine(line);
            writer.Flush();
        }
    }
}
