namespace PgFleet.Bench;

/// <summary>From the start of the process to the line with the port.</summary>
internal static class StartFigures
{
    public static async IAsyncEnumerable<(string Name, double Value)> RunAsync(Place place)
    {
        var times = new List<double>();
        for (var run = 0; run < 7; run++)
        {
            times.Add(await Place.MillisecondsAsync(async () => await (await Provider.StartAsync(place)).DisposeAsync()));
        }
        yield return ("start_to_port_ms", Place.Median(times));
    }
}
