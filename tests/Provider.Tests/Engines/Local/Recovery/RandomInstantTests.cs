using System.Globalization;
using PgFleet.Archives;
using PgFleet.Archives.Restore;
using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>The guarantee as a whole: every instant inside the window is restored exactly, and every instant outside is refused.</summary>
/// <remarks>PGFLEET_INSTANTS sets the number of instants, PGFLEET_SEED repeats a run.</remarks>
public sealed class RandomInstantTests(ITestOutputHelper output)
{
    private const int FirstOperations = 15;
    private const int Operations = 45;

    [Fact]
    [Trait("Requirement", "R21")]
    [Trait("Requirement", "R25")]
    public async Task Every_instant_inside_the_window_is_restored_exactly_and_every_other_is_refused()
    {
        var seed = Number("PGFLEET_SEED") ?? Random.Shared.Next();
        output.WriteLine($"PGFLEET_SEED={seed}");
        var random = new Random(seed);
        await using var home = await RestoreHome.StartAsync(spec => spec with
        {
            Parameters = spec.Parameters.Add("track_commit_timestamp", "on").Add("autovacuum", "off"),
        });
        var begin = await home.NowAsync();
        var history = new History(home, begin, random);
        await history.RunAsync(FirstOperations);
        // So that at the end the first instants are outside the retention, and later backups make earlier ones expire.
        await home.RetainAsync(TimeSpan.FromSeconds(Math.Ceiling(3 * (await home.NowAsync() - begin).TotalSeconds)));
        await history.RunAsync(Operations);
        await home.BackUpAsync();
        await history.RunAsync(FirstOperations);
        // A stopped source has a constant window.
        await home.Home.KillAsync();
        var window = await home.WindowAsync();
        output.WriteLine(window.Text);

        DateTimeOffset[] instants =
            [begin.AddHours(-1), window.Latest!.Value.AddMicroseconds(1), .. Instants(history, Number("PGFLEET_INSTANTS") ?? 100, random)];
        var inside = instants.Where(instant => instant >= window.Earliest && instant <= window.Latest).ToList();
        Assert.NotEmpty(inside);
        foreach (var instant in instants.Except(inside))
        {
            Assert.NotNull(window.Refusal(instant));
        }
        Assert.Contains(await home.ProblemsAsync(instants.Except(inside).First()), problem => problem is { Path: "restoreTime", Refuses: true });

        // Instants that resolve to one position give the same state: each position is restored once.
        var positions = inside.GroupBy(instant => TargetOf(home, instant)).ToList();
        output.WriteLine($"{instants.Length} instants, {inside.Count} of them inside, {positions.Count} positions");
        await Parallel.ForEachAsync(positions, new ParallelOptions { MaxDegreeOfParallelism = 3 }, async (position, _) =>
        {
            var expected = Assert.Single(position.Select(history.At).Distinct());
            var copy = await home.RestoreAsync(position.First());
            Assert.Equal(expected, await History.ReadAsync(copy));
            await home.DeleteAsync(copy);
        });
    }

    /// <summary>Four instants for each commit: its own, two before the next commit, and the last microsecond before that.</summary>
    private static IEnumerable<DateTimeOffset> Instants(History history, int count, Random random)
    {
        var commits = history.States;
        var chosen = Enumerable.Range(0, commits.Count - 1).OrderBy(_ => random.Next()).Take((count + 3) / 4);
        return chosen.SelectMany(i =>
        {
            var (from, to) = (commits[i].At, commits[i + 1].At);
            DateTimeOffset Between() => from.AddMicroseconds((long)((to - from).TotalMicroseconds * random.NextDouble()));
            return (DateTimeOffset[])[from, Between(), Between(), to.AddMicroseconds(-1)];
        });
    }

    private static Lsn TargetOf(RestoreHome home, DateTimeOffset instant)
    {
        var config = ArchiveConfig.Read(home.Home.Paths().ArchiveConfig);
        var segments = WalSegments.Of(config, new(config.ArchiveDirectory));
        var backup = home.Backups().Last(backup => backup.EndedAt <= instant);
        return new Resolver(segments, backup, segments.FindFirst(backup)!.Value, new(segments, null)).Resolve(instant, _ => { }, CancellationToken.None).Target;
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : null;
}
