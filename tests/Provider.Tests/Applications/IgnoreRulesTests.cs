using System.Diagnostics;
using System.Text.RegularExpressions;
using CsCheck;
using PgFleet.Applications;

namespace PgFleet.Tests.Applications;

/// <summary>.dbosignore, compared with git itself.</summary>
public sealed partial class IgnoreRulesTests : IDisposable
{
    private static readonly string[] Parts = ["a", "b", "ab", "*", "**", "?", "*b", "a*", "[ab]", "[!a]", "[^b]", "[a-c]", "[", "a[", "\\*", "\\a", "a b", "#", "!", "-", ".b", "A"];

    private static readonly Gen<string> Name = OneOf("a", "b", "ab", "ba", "abc", "c", "*", "a b", "#", "!a", "-", ".b", "A", "[");

    /// <remarks>Where two asterisks are only part of a name, git treats them as two in some places, and as one in others.</remarks>
    private static readonly Gen<string> Pattern = Gen.Select(
        OneOf("", "", "!", "/"), OneOf(Parts).List[1, 3], OneOf("/", "/", ""), OneOf("", "", "/", "/**", " ", "\\ ", "\r"),
        (before, parts, between, after) => before + string.Join(between, parts) + after)
        .Where(pattern => !PartOfName().IsMatch(pattern.TrimStart('!')));

    private static Gen<string> OneOf(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private readonly string folder = Directory.CreateTempSubdirectory("pgf-").FullName;

    public IgnoreRulesTests() => Git("", "init", "-q");

    [GeneratedRegex(@"[^/]\*\*|\*\*[^/\r ]")]
    private static partial Regex PartOfName();

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void Ignores_what_git_ignores() =>
        Gen.Select(Pattern.List[1, 4], Gen.Select(Name.List[1, 3], Gen.Bool, (names, isFolder) => (Path: string.Join('/', names), isFolder)).List[20, 40]).Sample(
            (patterns, paths) =>
            {
                File.WriteAllText(Path.Combine(folder, ".gitignore"), string.Join('\n', patterns) + "\n");
                var made = Make(paths);
                var theirs = Git(string.Concat(made.Select(path => $"{path.Path}\0")), "check-ignore", "-z", "--stdin", "--no-index").Split('\0', StringSplitOptions.RemoveEmptyEntries);
                var rules = new IgnoreRules(patterns);
                var ours = made.Where(path => Ignores(rules, path.Path, path.IsFolder)).Select(path => path.Path);
                Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
            },
            iter: 150, threads: 1);

    [Fact]
    public void Never_takes_in_what_no_deploy_needs()
    {
        var rules = new IgnoreRules(["!.git", "!node_modules", "!dbos-config.yaml.*.bak"]);
        Assert.All([".git", "sub/.git", "node_modules", "sub/node_modules", ".dbos"], path => Assert.True(rules.Ignores(path, isFolder: true)));
        Assert.True(rules.Ignores("dbos-config.yaml.20260131T120000.000Z.bak", isFolder: false));
        Assert.True(rules.Ignores("dbos-config.yaml.new", isFolder: false));
        Assert.False(rules.Ignores("dbos-config.yaml", isFolder: false));
    }

    /// <summary>Like a directory walk: the content of an ignored folder is not checked.</summary>
    private static bool Ignores(IgnoreRules rules, string path, bool isFolder)
    {
        var names = path.Split('/');
        return Enumerable.Range(1, names.Length).Any(depth => rules.Ignores(string.Join('/', names[..depth]), isFolder || depth < names.Length));
    }

    /// <summary>Creates the files, because git distinguishes folders from files on disk. Of two with one name, the first is created.</summary>
    private List<(string Path, bool IsFolder)> Make(IEnumerable<(string Path, bool IsFolder)> paths)
    {
        foreach (var old in new DirectoryInfo(folder).GetDirectories().Where(found => found.Name != ".git"))
        {
            old.Delete(recursive: true);
        }
        foreach (var old in new DirectoryInfo(folder).GetFiles().Where(found => found.Name != ".gitignore"))
        {
            old.Delete();
        }
        var made = new Dictionary<string, bool>();
        foreach (var (path, isFolder) in paths)
        {
            var above = path.Split('/')[..^1].Select((_, depth) => string.Join('/', path.Split('/')[..(depth + 1)])).ToList();
            if (made.ContainsKey(path) || above.Any(parent => made.TryGetValue(parent, out var folderThere) && !folderThere))
            {
                continue;
            }
            above.ForEach(parent => made[parent] = true);
            made[path] = isFolder;
            Directory.CreateDirectory(Path.Combine(folder, isFolder ? path : Path.GetDirectoryName(path)!));
            if (!isFolder)
            {
                File.WriteAllText(Path.Combine(folder, path), "");
            }
        }
        return [.. made.Select(entry => (entry.Key, entry.Value))];
    }

    private string Git(string input, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["-C", folder, "-c", "core.ignorecase=false", .. arguments]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        git.StandardInput.Write(input);
        git.StandardInput.Close();
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return output;
    }
}
