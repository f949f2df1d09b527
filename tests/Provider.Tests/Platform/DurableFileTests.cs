using PgFleet.Platform;

namespace PgFleet.Tests.Platform;

public sealed class DurableFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pgf-").FullName;

    private string Outside => Path.Combine(folder, "outside");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task What_a_kill_left_goes_with_the_next_write_and_a_link_in_its_place_is_not_followed()
    {
        var file = Path.Combine(folder, "file");
        await File.WriteAllTextAsync(Outside, "secret");
        File.CreateSymbolicLink($"{file}.new", Outside);
        DurableFile.Write(file, "one", Modes.Public);
        DurableFile.Write(file, "two", Modes.Private);
        Assert.Equal(("two", "secret"), (await File.ReadAllTextAsync(file), await File.ReadAllTextAsync(Outside)));
        Assert.Equal(Modes.Private, File.GetUnixFileMode(file));
        Assert.Equal(["file", "outside"], Directory.EnumerateFiles(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Of_those_who_make_a_file_at_once_one_does()
    {
        var file = Path.Combine(folder, "file");
        var made = await Task.WhenAll(Enumerable.Range(0, 8).Select(which => Task.Run(() => DurableFile.TryCreate(file, $"{which}", Modes.Private))));
        Assert.Single(made, one => one);
        Assert.Equal([file], Directory.EnumerateFiles(folder));
    }
}
