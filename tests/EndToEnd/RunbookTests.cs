namespace PgFleet.EndToEnd;

/// <summary>Every command of docs/recovery-runbook.md, on servers in the situation it is meant for.</summary>
[Trait("Requirement", "R21")]
public sealed class RunbookTests
{
    private const string TooLate = "2026-11-22T14:03:20Z", Before = "2026-11-22T14:03:10Z", BeforeMove = "2026-11-22T14:30:00Z";

    private const string Count = "select count(*) from orders";

    [Fact]
    public void Every_chapter_with_commands_is_followed_here()
    {
        var tests = string.Concat(Directory.GetFiles(Path.Combine(Repository.Root, "tests", "EndToEnd"), "Runbook*Tests.cs").Select(File.ReadAllText));
        Assert.NotEmpty(Runbook.Chapters);
        Assert.All(Runbook.Chapters.Keys, chapter => Assert.Contains($"\"{chapter}\"", tests, StringComparison.Ordinal));
        Assert.All(Runbook.Chapters.Values.SelectMany(chapter => chapter), instruction => Assert.Contains(instruction.Language, (string[])["sh", "diff"]));
    }

    [Fact]
    public async Task Rows_that_were_deleted_are_copied_back_beside_later_ones()
    {
        await using var night = await Night.ForgetAsync(Before, TooLate);
        await night.QueryAsync("insert into orders values (5, 'stool')");
        await night.FollowAsync("Look", "Restore beside it", "Rows were deleted", "Put the trial away");
        Assert.Equal("4", await night.QueryAsync(Count));
        Assert.DoesNotContain("undone", await night.RunAsync("pgfleet list"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_was_dropped_is_made_and_filled_again()
    {
        await using var night = await Night.BeginAsync();
        await night.NoteAsync(Before);
        await night.QueryAsync("drop database orders", "postgres");
        await night.QueryAsync("create database orders", "postgres");
        await night.QueryAsync("create table orders ()");
        await night.NoteAsync(TooLate);
        await night.QueryAsync("drop database orders", "postgres");
        await night.FollowAsync("Look", "Restore beside it", "A database was dropped", "Put the trial away");
        Assert.Equal("3", await night.QueryAsync(Count));
    }

    [Fact]
    public async Task A_database_moves_over_and_the_original_goes()
    {
        await using var night = await Night.ForgetAsync(Before, TooLate);
        await night.FollowAsync("Look", "Restore beside it", "Move over", "Say that it may go", "Let it go");
        Assert.DoesNotContain("main", await night.RunAsync("pgfleet list"), StringComparison.Ordinal);
        Assert.Equal("3", await night.QueryAsync(Count));
    }

    [Fact]
    public async Task A_database_that_has_moved_goes_back_to_what_it_was_before()
    {
        await using var night = await Night.ForgetAsync(Before, TooLate);
        await night.FollowAsync("Restore beside it");
        await night.QueryAsync("insert into orders values (7, 'sofa')");
        await night.NoteAsync(BeforeMove);
        await night.FollowAsync("Move over");
        Assert.Equal("3", await night.QueryAsync(Count));
        await night.FollowAsync("Go back");
        Assert.Equal("sofa", await night.QueryAsync("select string_agg(item, ', ') from orders"));
    }

    [Fact]
    public async Task A_restore_that_is_refused_is_made_to_an_instant_of_the_window()
    {
        await using var night = await Night.ForgetAsync(Before, TooLate);
        await night.DeclareAsync("2020-01-01T00:00:00Z");
        await night.FollowAsync("A restore is refused");
        Assert.Equal("3", await night.QueryAsync(Count, port: "undonePort"));
    }

    [Fact]
    public async Task A_restore_that_was_interrupted_goes_on()
    {
        await using var night = await Night.ForgetAsync(Before, TooLate);
        await night.DeclareAsync(Before);
        var up = night.RunAsync("pulumi up --yes --skip-preview    # refused");
        await Eventually.TrueAsync(() => Workplace.Has(Path.Combine(night.Work.Home, "instances", "undone", "building.*")), "the restore is under way");
        night.Work.Send(Signal.Kill, process => process.StartsWith(Path.Combine(night.Work.Bin, "pulumi-resource-pgfleet"), StringComparison.Ordinal));
        await up;
        await night.FollowAsync("An update was interrupted");
        Assert.Equal("3", await night.QueryAsync(Count, port: "undonePort"));
    }

    [Fact]
    public async Task What_was_made_and_never_written_down_is_brought_in()
    {
        await using var night = await Night.ForgetAsync(Before, TooLate);
        await night.DeclareAsync(Before);
        await night.UpUnnotedAsync();
        await night.FollowAsync("It exists already");
        Assert.Equal("3", await night.QueryAsync(Count, port: "undonePort"));
        Assert.DoesNotContain("unfinished", await night.RunAsync("pgfleet list"), StringComparison.Ordinal);
    }
}
