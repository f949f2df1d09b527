using PgFleet.Progress;

namespace PgFleet.Operations;

/// <summary>Estimates the remaining time of a step from its progress so far.</summary>
internal sealed class Pace(TimeProvider time)
{
    private Step? first;
    private long since;

    /// <summary>The remaining time; null while there is nothing to estimate it from.</summary>
    public TimeSpan? Left(Step step)
    {
        if (first?.Name != step.Name)
        {
            (first, since) = (step, time.GetTimestamp());
        }
        return step is { Done: { } done, Of: { } all } && done - first!.Done is > 0 and var gained
            ? time.GetElapsedTime(since) * ((double)(all - done) / gained)
            : null;
    }
}
