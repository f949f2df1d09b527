using PgFleet.Engines;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>PostgreSQL itself fails during replay, or before.</summary>
[Trait("Requirement", "R21")]
public sealed class ReplayPanicTests
{
    [Theory]
    [InlineData("PANIC:  could not locate a valid checkpoint record")]
    [InlineData("FATAL:  could not create file")]
    public async Task A_server_that_ends_while_it_replays_is_told_of_in_its_own_words_and_is_continued_or_removed(string words)
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunAsync("create table kept (id int)", "insert into kept values (1)");
        await home.BackUpAsync();
        await home.RunAsync("insert into kept values (2)");
        var instant = await home.NowAsync();
        await home.RunAsync("insert into kept values (3)");
        var file = (string)(await home.Home.AskAdminAsync("select pg_relation_filepath('public.kept')", database: RestoreHome.Database))!;
        var aside = Directory.CreateDirectory(Path.Combine(home.Home.Folder, "aside")).FullName;

        await EndsAsync(home, "copy", instant, words, () => Lose("copy"));
        await EndsAsync(home, "copy", instant, words, () => { });
        PutBack("copy");
        var copy = await home.CreateAsync("copy", instant, new(CancellationToken.None));
        Assert.Equal("1,2", await RestoreHome.AskAsync(copy, "select string_agg(id::text, ',' order by id) from kept"));

        await EndsAsync(home, "gone", instant, words, () => Lose("gone"));
        await home.Home.Engine.DeleteAsync("gone", TestHome.Unhurried());
        Assert.False(Directory.Exists(home.Home.Paths("gone").Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Home.Folder, "trash")));

        void Lose(string name)
        {
            var paths = home.Home.Paths(name);
            if (words.StartsWith("PANIC", StringComparison.Ordinal))
            {
                File.Move(Path.Combine(paths.Data, "backup_label"), Path.Combine(aside, "label"));
                Directory.Move(paths.Replay, Path.Combine(aside, "wal"));
                Directory.CreateDirectory(paths.Replay);
            }
            else
            {
                File.Move(Path.Combine(paths.Data, file), Path.Combine(aside, "file"));
                Directory.CreateDirectory(Path.Combine(paths.Data, file));
            }
        }

        void PutBack(string name)
        {
            var paths = home.Home.Paths(name);
            if (words.StartsWith("PANIC", StringComparison.Ordinal))
            {
                File.Move(Path.Combine(aside, "label"), Path.Combine(paths.Data, "backup_label"));
                Directory.Delete(paths.Replay);
                Directory.Move(Path.Combine(aside, "wal"), paths.Replay);
            }
            else
            {
                Directory.Delete(Path.Combine(paths.Data, file));
                File.Move(Path.Combine(aside, "file"), Path.Combine(paths.Data, file));
            }
        }
    }

    private static async Task EndsAsync(RestoreHome home, string name, DateTimeOffset instant, string words, Action loses)
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.CreateAsync(name, instant, new(CancellationToken.None, new ActsAt("copied the base backup", loses))));
        Assert.Contains($"Instance \"{name}\" does not start. Its server says:", failure.Message, StringComparison.Ordinal);
        Assert.True(failure.Message.Contains(words, StringComparison.Ordinal), failure.Message);
        Assert.Equal(ServerStatus.Unfinished, (await home.Home.Engine.FindAsync(name, CancellationToken.None))!.Status);
        Assert.Null(home.Home.Pid(name));
    }
}
