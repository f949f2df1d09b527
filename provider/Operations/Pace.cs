using PgFleet.Progress;

namespace PgFleet.Operations;

/// <summary>How long a step will still take, by how long it has taken so far.</summary>
internal sealed class Pace(TimeProvider time)
{
    private Step? first;
    private long since;

    /// <summary>Null as long as there is nothing to judge by.</summary>
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
