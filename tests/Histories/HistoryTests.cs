using System.Collections.Immutable;
using System.Globalization;
using CsCheck;
using PgFleet.Histories.Places;

namespace PgFleet.Histories;

/// <summary>Random histories of a stack: edits, mistakes, failures, kills and changes by others. <c>make histories</c> runs many more.</summary>
public sealed class HistoryTests(ITestOutputHelper output)
{
    /// <summary>The seed of a history to repeat with all its output.</summary>
    private static string? Seed => Environment.GetEnvironmentVariable("PGFLEET_HISTORIES_SEED");

    [Fact]
    public Task Whatever_happens_nothing_is_lost_that_no_preview_announced() =>
        LiveAsync(() => new FakePlace(), Gen.Select(Gen.Int[0, 4], Move.Sequences(Enum.GetValues<FaultKind>(), most: 7)), Number("PGFLEET_HISTORIES", 150));

    [Fact]
    public Task On_real_servers_nothing_is_lost_either() => LiveAsync(
        () => new LocalPlace(),
        Gen.Select(Gen.Int[1, 3], Move.Sequences([FaultKind.None, FaultKind.Fail, FaultKind.Cancel, FaultKind.KillEngine], most: 3)),
        Number("PGFLEET_REAL_HISTORIES", 2));

    private async Task LiveAsync(Func<IPlace> begin, Gen<(int Opening, ImmutableArray<Move> Moves)> histories, int count)
    {
        var tally = new Tally();
        try
        {
            await histories.SampleAsync(
                async lived =>
                {
                    await using var place = begin();
                    using var history = new History(place, tally, listens: Seed is not null || place is LocalPlace);
                    await history.LiveAsync(lived.Opening, lived.Moves);
                },
                iter: count,
                seed: Seed,
                print: lived => $"{lived.Opening} | {string.Join(" | ", lived.Moves)}");
        }
        finally
        {
            output.WriteLine($"{tally}");
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
