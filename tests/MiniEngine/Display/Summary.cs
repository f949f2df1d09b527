using System.Globalization;
using MiniEngine.Values;

namespace MiniEngine.Display;

/// <summary>The summary at the end of a run.</summary>
internal static class Summary
{
    public static IEnumerable<string> Of(StackResult result, TimeSpan duration)
    {
        if (result.Program is { } program)
            yield return $"Put this into the program, and fill in what is secret:\n\n{program}";
        if (result.Outputs.Count > 0)
            yield return "Outputs:";
        foreach (var (name, value) in result.Outputs)
            yield return $"    {name}: {(result.SecretOutputs.Contains(name) ? "[secret]" : Json.Show(value))}";
        yield return "Resources:";
        var done = result.Steps.Where(step => step.Error is null).GroupBy(step => step.Op).OrderBy(group => group.Key);
        foreach (var group in done)
            yield return string.Create(CultureInfo.InvariantCulture, $"    {Words.Sign(group.Key),-2} {group.Count()} {Words.Verb(group.Key)}");
        if (result.Steps.Count(step => step.Error is not null) is > 0 and var failed)
            yield return $"    {failed} failed";
        yield return string.Create(CultureInfo.InvariantCulture, $"Duration: {duration.TotalSeconds:0.0} s");
    }
}
