using PgFleet.Engines;
using PgFleet.Engines.Local;

namespace PgFleet.Tests.Engines.Local;

public sealed class DeletionTests
{
    [Fact]
    [Trait("Requirement", "R31")]
    public async Task Leaves_nothing()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        var pid = home.Pid();
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        Assert.False(Directory.Exists($"/proc/{pid}"));
        Assert.False(Directory.Exists(home.Paths().Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Folder, "trash")));
    }

    [Fact]
    [Trait("Requirement", "R31")]
    public async Task Takes_along_an_archive_that_lies_elsewhere()
    {
        await using var home = new TestHome();
        await using var elsewhere = await BackupDisk.MakeAsync();
        await home.CreateAsync(elsewhere.Spec());
        Assert.Single(Directory.EnumerateDirectories(elsewhere.Folder, "main-*"));
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere.Folder));
    }

    [Theory]
    [InlineData("stopped the server")]
    [InlineData("freed the name")]
    public async Task Is_finished_by_the_next_when_it_died(string step)
    {
        await using var home = new TestHome();
        await using var elsewhere = await BackupDisk.MakeAsync();
        await home.CreateAsync(elsewhere.Spec());
        using var died = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(() => home.Engine.DeleteAsync("main", new(died.Token, new CancelsAt(step, died))));
        await new LocalEngine(home.Options, TimeProvider.System).DeleteAsync("main", TestHome.Unhurried());
        Assert.False(Directory.Exists(home.Paths().Folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(home.Folder, "trash")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(elsewhere.Folder));
    }

    [Fact]
    public async Task Follows_no_link_that_a_server_made()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        var treasure = Directory.CreateTempSubdirectory("pgf-treasure-").FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(treasure, "kept"), "");
            await ScratchServer.AsServiceUserAsync("ln", "-s", treasure, Path.Combine(home.Paths().Data, "link"));
            await home.Engine.DeleteAsync("main", TestHome.Unhurried());
            Assert.True(File.Exists(Path.Combine(treasure, "kept")));
        }
        finally
        {
            Directory.Delete(treasure, recursive: true);
        }
    }

    [Fact]
    public async Task Also_deletes_a_server_that_lost_its_data()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await home.KillAsync();
        Directory.Delete(home.Paths().Data, recursive: true);
        await home.Engine.DeleteAsync("main", TestHome.Unhurried());
        Assert.Null(await home.Engine.FindAsync("main", CancellationToken.None));
    }

    private sealed class CancelsAt(string step, CancellationTokenSource source) : IProgress<Step>
    {
        public void Report(Step value)
        {
            if (value.Name == step)
            {
                source.Cancel();
            }
        }
    }
}
