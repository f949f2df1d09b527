using PgFleet.Progress;

namespace PgFleet.Tests.Engines;

/// <summary>Acts in the n-th different step: it throws, which leaves the same behind as a kill, or cancels.</summary>
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
