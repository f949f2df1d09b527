using System.Globalization;
using PgFleet.Bench;

// Figures, one "name value" a line. A ratio compares two things done in the same run; times alone say little about another machine.
await using var place = new Place();
await Report(StartFigures.RunAsync(place));
await Report(CallFigures.RunAsync(place));
await Report(CreateFigures.RunAsync(place));
await Report(FiftyDatabases.RunAsync(place));

static async Task Report(IAsyncEnumerable<(string Name, double Value)> figures)
{
    await foreach (var (name, value) in figures)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.###}"));
    }
}
