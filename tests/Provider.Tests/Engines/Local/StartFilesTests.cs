using PgFleet.Archives;
using PgFleet.Engines;
using PgFleet.Engines.Local.Processes;
using PgFleet.Failures;
using PgFleet.Fleet;

namespace PgFleet.Tests.Engines.Local;

/// <summary>The servers' user replaces a file that is read at a server's start by one that has no end.</summary>
[Trait("Requirement", "R-security")]
public sealed class StartFilesTests
{
    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("mkfifo \"$0\"")]
    [InlineData("ln -s /dev/zero \"$0\"")]
    [InlineData("mkdir \"$0\"")]
    [InlineData("ln -s /nowhere/at/all \"$0\"")]
    public async Task What_is_no_regular_file_is_named_and_nothing_waits_for_it(string put)
    {
        await using var home = await StoppedAsync();
        // A folder in place of pg_control means that there is no data.
        foreach (var path in Files(home.Paths()).Where(path => put[..5] != "mkdir" || !path.EndsWith("pg_control", StringComparison.Ordinal)))
        {
            await PutAsync(path, put);
            var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.StartAsync("main", byUser: true, CancellationToken.None).WaitAsync(Bound));
            Assert.Contains($"\"{path}\" is no regular file", refusal.Message, StringComparison.Ordinal);
            Assert.Equal(ServerStatus.Stopped, (await home.Engine.FindAsync("main", CancellationToken.None).WaitAsync(Bound))!.Status);
            Assert.Null(home.Pid());
            await TakeBackAsync(path);
        }
        await home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
    }

    [Fact]
    public async Task A_file_of_ten_gigabytes_of_nothing_takes_neither_memory_nor_time()
    {
        await using var home = await StoppedAsync();
        foreach (var path in Files(home.Paths()).Where(path => !path.EndsWith("pg_control", StringComparison.Ordinal)))
        {
            await PutAsync(path, "truncate -s 10G \"$0\"");
            var failure = await Record.ExceptionAsync(() => home.Engine.StartAsync("main", byUser: true, CancellationToken.None).WaitAsync(Bound));
            Assert.True(failure is null or ResourceFailure, $"{path}: {failure}");
            Assert.InRange(GC.GetTotalMemory(forceFullCollection: false), 0, 1 << 30);
            await home.Engine.StopAsync("main", byUser: true, CancellationToken.None).WaitAsync(Bound);
            await Eventually.TrueAsync(() => !Processes.All().Any(process => Works(process, home.Folder)), $"nothing works on {path}");
            await TakeBackAsync(path);
        }
        await home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
    }

    [Fact]
    public async Task A_pipe_in_the_place_of_the_word_about_backups_holds_no_status_up()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await PutAsync(new ArchiveLayout(home.Paths().Archive).Complaint, "mkfifo \"$0\"");
        Assert.Equal(ServerStatus.Available, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
    }

    private static async Task<TestHome> StoppedAsync()
    {
        var home = new TestHome();
        await home.CreateAsync();
        await home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        return home;
    }

    private static IEnumerable<string> Files(InstancePaths paths) =>
        [$"{paths.Data}/PG_VERSION", $"{paths.Data}/postgresql.auto.conf", $"{paths.Data}/postmaster.pid", $"{paths.Data}/global/pg_control", $"{paths.Log}/{ServerLog.StartFile}"];

    private static Task PutAsync(string path, string put) => ScratchServer.AsServiceUserAsync("sh", "-c", $"if test -e \"$0\"; then mv \"$0\" \"$0.kept\"; fi; {put}", path);

    private static Task TakeBackAsync(string path) => ScratchServer.AsServiceUserAsync("sh", "-c", "rm -rf \"$0\"; if test -e \"$0.kept\"; then mv \"$0.kept\" \"$0\"; fi", path);

    private static bool Works(string process, string folder)
    {
        try
        {
            return File.ReadAllText($"{process}/cmdline").Contains($"{folder}/", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
