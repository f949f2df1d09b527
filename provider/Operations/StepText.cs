using PgFleet.Progress;

namespace PgFleet.Operations;

/// <summary>Formats a step as a line for people.</summary>
internal static class StepText
{
    public static string Of(Step step, TimeSpan? left)
    {
        var name = step.At is null ? step.Name : $"{step.Name} at {step.At}";
        return step is { Done: { } done, Of: { } of and > 0 }
            ? $"{name} ({100 * done / of} %, {done >> 20} of {of >> 20} MB{(left is null ? "" : $", about {Math.Ceiling(left.Value.TotalSeconds)} s left")})"
            : name;
    }
}
