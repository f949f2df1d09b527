using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>Polls a condition under a time limit.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Polls <paramref name="ask"/> until it returns true; throws <paramref name="late"/> once the limit has passed.</summary>
    public static async Task WaitAsync(TimeSpan limit, TimeProvider time, Func<CancellationToken, Task<bool>> ask, Func<ResourceFailure> late, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        while (!await ask(cancel))
        {
            if (time.GetElapsedTime(started) > limit)
            {
                throw late();
            }
            await Task.Delay(Pause, time, cancel);
        }
    }
}
