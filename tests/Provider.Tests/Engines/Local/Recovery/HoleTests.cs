using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>The latest state is what was written last. Where WAL before it is missing or damaged, the refusal names the segment.</summary>
[Trait("Requirement", "R25")]
public sealed class HoleTests
{
    [Theory]
    [InlineData("missing in the middle", true)]
    [InlineData("missing at the end", true)]
    [InlineData("cut short", true)]
    [InlineData("another's", true)]
    [InlineData("partial", true)]
    [InlineData("damaged at 60", false)]
    [InlineData("damaged at 8200", false)]
    public async Task The_latest_of_a_lost_source_is_refused_with_the_segment_that_is_in_the_way(string harm, bool isForeseen)
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)");
        await home.ArchiveAllAsync();
        for (var id = 1; id <= 4; id++)
        {
            await home.RunAsync($"insert into kept select {id} from generate_series(1, 500)");
            await home.ArchiveAllAsync();
        }
        await home.Home.KillAsync();
        home.Home.LoseData();
        var segments = Directory.GetFiles(Path.Combine(home.Home.Paths().Archive, "wal")).Where(path => Path.GetFileName(path).Length == 24).Order(StringComparer.Ordinal).ToList();
        var harmed = harm == "missing at the end" ? segments[^1] : segments[^3];
        Harm(harm, harmed, segments[^2]);

        var problems = await home.ProblemsAsync(null);
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.RestoreAsync(null, "never", "main"));

        Assert.Contains(Path.GetFileName(harmed), failure.Message, StringComparison.Ordinal);
        Assert.Equal(isForeseen, problems.Any(problem => problem.Refuses && problem.Reason.ToString().Contains(Path.GetFileName(harmed), StringComparison.Ordinal)));
        Assert.Null(home.Home.Record("never"));
        // The instant that the message suggests.
        var until = DateTimeOffset.Parse(System.Text.RegularExpressions.Regex.Match(failure.Message, @"Set restoreTime to (\S+Z)").Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture);
        Assert.NotEqual("0", await RestoreHome.AskAsync(await home.RestoreAsync(until), "select count(*) from pg_tables where tablename = 'kept'"));
    }

    private static void Harm(string how, string path, string other)
    {
        switch (how)
        {
            case "cut short":
                using (var file = File.OpenWrite(path))
                {
                    file.SetLength(file.Length / 2);
                }
                break;
            case "another's":
                File.Copy(other, path, overwrite: true);
                break;
            case "partial":
                File.Move(path, $"{path}.partial");
                break;
            case "damaged at 60" or "damaged at 8200":
                using (var file = File.OpenWrite(path))
                {
                    file.Position = how == "damaged at 60" ? 60 : 8200;
                    file.Write(Enumerable.Repeat((byte)0xA5, 16).ToArray());
                }
                break;
            default:
                File.Delete(path);
                break;
        }
    }
}
