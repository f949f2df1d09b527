using System.Globalization;
using PgFleet.Bench;

// Figures, one "name value" a line. A ratio compares two things done in the same run; times alone say little about another machine.
(string Name, Func<Place, IAsyncEnumerable<(string Name, double Value)>> Run)[] groups =
[
    ("start", StartFigures.RunAsync),
    ("calls", CallFigures.RunAsync),
    ("create", CreateFigures.RunAsync),
    ("databases", FiftyDatabases.RunAsync),
    ("terraform", TerraformFigures.RunAsync),
    ("restore", RestoreFigures.RunAsync),
    ("reflink", ReflinkFigures.RunAsync),
];
foreach (var (_, run) in groups.Where(group => args.Length == 0 || args.Contains(group.Name)))
{
    await using var place = new Place();
    await foreach (var (name, value) in run(place))
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name} {value:0.###}"));
    }
}
