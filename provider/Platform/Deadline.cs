using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>Waiting that ends.</summary>
internal static class Deadline
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks again and again until the answer is yes.</summary>
    /// <param name="late">What to throw when it never is.</param>
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
