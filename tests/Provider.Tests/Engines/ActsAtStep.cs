using PgFleet.Progress;

namespace PgFleet.Tests.Engines;

/// <summary>Does something in the n-th different step: throws, as a kill leaves the same behind, or cancels.</summary>
internal sealed class ActsAtStep(int step, Action act) : IProgress<Step>
{
    private readonly HashSet<string> names = [];

    public void Report(Step value)
    {
        if (names.Add(value.Name) && names.Count == step)
        {
            act();
        }
    }
}

internal sealed class KilledException : Exception;
