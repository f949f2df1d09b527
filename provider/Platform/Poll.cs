using PgFleet.Failures;

namespace PgFleet.Platform;

/// <summary>Polls a condition.</summary>
internal static class Poll
{
    /// <summary>The interval at which to poll for another process to do something.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    /// <summary>The interval at which to poll for a lock.</summary>
    public static readonly TimeSpan LockInterval = TimeSpan.FromMilliseconds(50);

    /// <summary>Polls <paramref name="ask"/> until it returns true; throws <paramref name="late"/> once the limit has passed.</summary>
    public static Task UntilAsync(
        TimeSpan limit, TimeSpan interval, TimeProvider time, Func<CancellationToken, Task<bool>> ask, Func<ResourceFailure> late, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        return UntilAsync(
            interval, time, async token => await ask(token) || (time.GetElapsedTime(started) > limit ? throw late() : false), cancel);
    }

    /// <summary>Polls <paramref name="ask"/> until it returns true, however long that takes. It throws if there is a reason to give up.</summary>
    public static async Task UntilAsync(TimeSpan interval, TimeProvider time, Func<CancellationToken, Task<bool>> ask, CancellationToken cancel)
    {
        while (!await ask(cancel))
        {
            await Task.Delay(interval, time, cancel);
        }
    }

    /// <summary>Polls for a lock until <paramref name="take"/> returns it; throws <paramref name="late"/> once the limit has passed.</summary>
    public static async Task<IDisposable> UntilTakenAsync(
        TimeSpan limit, TimeProvider time, Func<IDisposable?> take, Func<ResourceFailure> late, CancellationToken cancel)
    {
        IDisposable? taken = null;
        await UntilAsync(limit, LockInterval, time, _ => Task.FromResult((taken = take()) is not null), late, cancel);
        return taken!;
    }

    /// <summary>Polls for a lock until <paramref name="take"/> returns it, however long that takes.</summary>
    public static async Task<IDisposable> UntilTakenAsync(TimeProvider time, Func<IDisposable?> take, CancellationToken cancel)
    {
        IDisposable? taken = null;
        await UntilAsync(LockInterval, time, _ => Task.FromResult((taken = take()) is not null), cancel);
        return taken!;
    }
}
