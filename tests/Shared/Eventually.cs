namespace PgFleet.Shared;

/// <summary>Waits for a condition with a time limit.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(Func<bool> condition, string what) => TrueAsync(() => Task.FromResult(condition()), what);

    public static async Task TrueAsync(Func<Task<bool>> condition, string what)
    {
        for (var since = TimeProvider.System.GetTimestamp(); !await condition(); await Task.Delay(5))
        {
            if (TimeProvider.System.GetElapsedTime(since) > Timeout)
            {
                throw new TimeoutException($"Not within {Timeout.TotalSeconds} s: {what}.");
            }
        }
    }
}
