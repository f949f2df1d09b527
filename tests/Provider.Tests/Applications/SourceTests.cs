using CsCheck;
using PgFleet.Applications;
using PgFleet.Failures;

namespace PgFleet.Tests.Applications;

/// <summary>Which files of an application's directory belong to it, and what is stored of them.</summary>
public sealed class SourceTests : IDisposable
{
    private static readonly Gen<Dictionary<string, string>> Trees =
        Gen.Dictionary(Gen.String[Gen.Char["abc é\"$"], 1, 3].Array[1, 3].Select(parts => string.Join('/', parts)), Gen.String)[0, 8].Select(WithoutClashes);

    private readonly string folder = Directory.CreateTempSubdirectory("pgf-").FullName;

    public SourceTests() => Write("dbos-config.yaml", "");

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_hash_depends_on_neither_order_nor_time_nor_place() =>
        Trees.Sample(
            tree =>
            {
                var (one, other) = (Write(tree, later: false), Write(tree.Reverse(), later: true));
                Assert.Equal(new SourceDirectory(one).Hash(), new SourceDirectory(other).Hash());
            },
            iter: 50);

    [Fact]
    public Task What_was_kept_is_laid_out_as_it_was() =>
        Trees.SampleAsync(
            async tree =>
            {
                var directory = new SourceDirectory(Write(tree, later: false));
                var (archive, again, to) = (NewPath(), NewPath(), Directory.CreateDirectory(NewPath()).FullName);
                await SourceArchive.PackAsync(archive, directory.List(), CancellationToken.None);
                await SourceArchive.PackAsync(again, new SourceDirectory(Write(tree.Reverse(), later: true)).List(), CancellationToken.None);
                Assert.Equal(await File.ReadAllBytesAsync(archive), await File.ReadAllBytesAsync(again));
                Assert.Equal(directory.Hash(), SourceEntry.Hash(SourceArchive.Read(archive)));
                await SourceArchive.UnpackAsync(archive, to, CancellationToken.None);
                Assert.Equal(directory.Hash(), new SourceDirectory(to).Hash());
            },
            iter: 50);

    [Fact]
    public void Every_part_of_it_counts()
    {
        var hashes = new List<string> { Hash() };
        Change(() => Write("a", "1"));
        Change(() => Write("a", "2"));
        Change(() => File.Move(PathOf("a"), PathOf("b")));
        Change(() => File.SetUnixFileMode(PathOf("b"), UnixFileMode.UserRead | UnixFileMode.UserExecute));
        Change(() => File.CreateSymbolicLink(PathOf("link"), "/nowhere"));
        Change(() =>
        {
            File.Delete(PathOf("link"));
            File.CreateSymbolicLink(PathOf("link"), "b");
        });
        Change(() => Write("c/d", ""));
        Change(() => Write("c/e", ""));
        Assert.Distinct(hashes);

        void Change(Action change)
        {
            change();
            hashes.Add(Hash());
        }
    }

    [Fact]
    public void What_is_ignored_and_what_is_no_content_does_not_count()
    {
        Write(".dbosignore", "*.log\n/dist/\n");
        Write("a", "1");
        var before = Hash();
        Write("x.log", "1");
        Write("dist/main.js", "1");
        Write("node_modules/left/pad.js", "1");
        Write(".git/HEAD", "1");
        Write(".dbos/credentials", "1");
        Directory.CreateDirectory(PathOf("empty/folder"));
        File.SetUnixFileMode(PathOf("a"), UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal(before, Hash());
    }

    [Fact]
    public void A_link_to_a_folder_is_not_followed()
    {
        Directory.CreateSymbolicLink(PathOf("loop"), folder);
        var entry = Assert.Single(new SourceDirectory(folder).List(), entry => entry.Path != "dbos-config.yaml");
        Assert.Equal(("loop", folder), (entry.Path, entry.Link));
    }

    [Fact]
    public void Too_much_is_refused_naming_the_largest_file()
    {
        Write("small", "1");
        using (var file = File.Create(PathOf("dump.sql")))
        {
            file.SetLength((500L << 20) + 1); // a hole
        }
        var refusal = Assert.Throws<ResourceFailure>(() => new SourceDirectory(folder).Hash());
        Assert.Contains("\"dump.sql\" with 500 MB", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(".dbosignore", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_without_its_configuration_is_no_application()
    {
        Write(".dbosignore", "*.yaml");
        Assert.Contains(".dbosignore must not name it", Assert.Throws<ResourceFailure>(() => Hash()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_that_is_a_link_is_refused_because_links_are_not_followed()
    {
        File.Move(Path.Combine(folder, "dbos-config.yaml"), Path.Combine(folder, "production.yaml"));
        File.CreateSymbolicLink(Path.Combine(folder, "dbos-config.yaml"), "production.yaml");
        Assert.Contains("it must be no link", Assert.Throws<ResourceFailure>(() => Hash()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_directory_that_is_not_there_is_told() =>
        Assert.Equal(FailureKind.Missing, Assert.Throws<ResourceFailure>(() => new SourceDirectory(PathOf("nowhere")).Hash()).Kind);

    private static Dictionary<string, string> WithoutClashes(Dictionary<string, string> tree) =>
        tree.Where(file => !tree.Keys.Any(other => other.StartsWith($"{file.Key}/", StringComparison.Ordinal)) && file.Key.Split('/').All(part => part.Trim('.').Length > 0))
            .Append(new("dbos-config.yaml", "name: x"))
            .ToDictionary(file => file.Key, file => file.Value);

    private string Write(IEnumerable<KeyValuePair<string, string>> tree, bool later)
    {
        var root = Directory.CreateDirectory(NewPath()).FullName;
        foreach (var (path, content) in tree)
        {
            var file = Path.Combine(root, path);
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllText(file, content);
            File.SetLastWriteTimeUtc(file, later ? DateTime.UnixEpoch.AddYears(40) : DateTime.UnixEpoch);
        }
        return root;
    }

    private string NewPath() => Path.Combine(folder, Guid.NewGuid().ToString("N"));

    private string Hash() => new SourceDirectory(folder).Hash();

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(file))!);
        File.WriteAllText(PathOf(file), text);
    }

    private string PathOf(string file) => Path.Combine(folder, file);
}
