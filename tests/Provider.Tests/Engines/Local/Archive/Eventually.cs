namespace PgFleet.Tests.Engines.Local.Archive;

internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static async Task TrueAsync(Func<bool> condition, string what)
    {
        for (var since = TimeProvider.System.GetTimestamp(); !condition(); await Task.Delay(2))
        {
            Assert.True(TimeProvider.System.GetElapsedTime(since) < Patience, $"Not within {Patience.TotalSeconds} s: {what}.");
        }
    }
}
