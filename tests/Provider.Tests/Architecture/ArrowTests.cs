namespace PgFleet.Tests.Architecture;

/// <summary>The permitted dependencies between folders, as in ARCHITECTURE.md. Folders are namespaces; dependencies are read from the compiled program.</summary>
public sealed class ArrowTests
{
    /// <summary>What every folder above may use.</summary>
    private static readonly string[] Ground = ["Failures", "Progress", "Platform", "Security"];

    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Failures"] = [],
        ["Progress"] = ["Failures"],
        ["Security"] = [],
        ["Platform"] = ["Failures"],
        ["Postgres"] = [.. Ground],
        ["Postgres.Sessions"] = [.. Ground],
        ["Postgres.Wal"] = [.. Ground],
        ["Postgres.Backup"] = [.. Ground, "Postgres.Wal"],
        ["Postgres.Sql"] = [.. Ground, "Postgres.Sessions"],
        ["Archives"] = [.. Ground, "Postgres.Wal"],
        ["Archives.Backup"] = [.. Ground, "Postgres.*", "Archives"],
        ["Archives.Restore"] = [.. Ground, "Postgres.*", "Archives", "Archives.Backup"],
        // What servers call, and what runs as the servers' user: it knows an archive, but no fleet.
        ["Archives.Helper"] = [.. Ground, "Postgres", "Postgres.*", "Archives", "Archives.Backup", "Archives.Restore"],
        ["Fleet"] = [.. Ground],
        ["Engines"] = [.. Ground, "Postgres.Sessions", "Postgres.Sql"],
        ["Engines.Linked"] = [.. Ground, "Postgres.*", "Fleet", "Engines"],
        ["Engines.Local.Helper"] = [.. Ground, "Archives", "Fleet"],
        ["Engines.Local.Instances"] = [.. Ground, "Postgres", "Postgres.*", "Archives", "Fleet", "Engines"],
        ["Engines.Local.Configuration"] = [.. Ground, "Postgres", "Postgres.*", "Archives", "Fleet", "Engines.Local.Helper", "Engines.Local.Instances"],
        ["Engines.Local.Processes"] =
            [.. Ground, "Postgres", "Postgres.*", "Archives", "Fleet", "Engines", "Engines.Local.Helper", "Engines.Local.Instances", "Engines.Local.Configuration"],
        ["Engines.Local.Recovery"] =
            [.. Ground, "Postgres", "Postgres.*", "Archives", "Fleet", "Engines", "Engines.Local.Helper", "Engines.Local.Instances", "Engines.Local.Processes"],
        ["Engines.Local.Preflight"] =
            [.. Ground, "Postgres", "Fleet", "Engines", "Engines.Local.Instances", "Engines.Local.Configuration", "Engines.Local.Processes", "Engines.Local.Recovery"],
        ["Engines.Local.Deletion"] =
            [.. Ground, "Archives", "Fleet", "Engines", "Engines.Local.Helper", "Engines.Local.Instances", "Engines.Local.Configuration", "Engines.Local.Processes", "Engines.Local.Recovery"],
        ["Engines.Local.Provisioning"] =
            [.. Ground, "Postgres", "Postgres.*", "Archives", "Fleet", "Engines", "Engines.Local.Helper", "Engines.Local.Instances", "Engines.Local.Configuration",
                "Engines.Local.Processes", "Engines.Local.Recovery", "Engines.Local.Deletion"],
        // The composition of the local engine.
        ["Engines.Local"] = [.. Ground, "Postgres", "Postgres.Sessions", "Postgres.Sql", "Fleet", "Engines", "Engines.Local.*"],
        ["Applications"] = [.. Ground, "Postgres.Sessions", "Postgres.Sql", "Fleet", "Engines"],
        ["Schema"] = ["Failures", "Security"],
        ["Schema.Types"] = ["Schema"],
        ["Schema.Docs"] = ["Schema"],
        ["Resources"] = ["Failures", "Progress", "Security", "Schema", "Schema.Types", "Applications", "Engines"],
        ["Resources.*"] = ["Failures", "Progress", "Security", "Schema", "Schema.Types", "Applications", "Engines", "Postgres", "Postgres.*", "Resources", "Resources.Instances"],
        ["Functions"] = ["Failures", "Schema", "Schema.Types", "Applications", "Engines", "Resources", "Resources.Instances"],
        ["Operations"] = ["Failures", "Progress", "Schema", "Schema.Types", "Resources", "Resources.Instances", "Functions"],
        ["Protocols.Pulumi"] = ["Failures", "Progress", "Platform", "Schema", "Resources", "Functions", "Operations"],
        ["Protocols.Terraform"] = ["Failures", "Progress", "Schema", "Schema.Types", "Resources", "Functions", "Operations"],
        ["Commands"] = ["Failures", "Progress", "Security", "Applications", "Engines", "Engines.Local", "Engines.Local.*", "Resources", "Functions"],
    };

    // The one place where all records meet their serialization contracts.
    private const string Meeting = "RecordContext";

    // The compiler puts a constant's value in its place, so that only the source tells where it comes from.
    private static readonly IReadOnlyList<Use> Uses = [.. Compiled.Uses.Concat(Sources.Uses()).Where(use => use.User != Meeting)];

    [Fact]
    public void Every_file_lies_in_the_namespace_of_its_folder()
    {
        var strays = from file in Sources.Files()
                     where file != "Program.cs"
                     let expected = $"namespace PgFleet.{Path.GetDirectoryName(file)!.Replace('/', '.')};"
                     where !Sources.Lines(file).Contains(expected)
                     select $"{file} is not in \"{expected}\"";
        Assert.Empty(strays);
    }

    [Fact]
    public void Folders_use_only_the_folders_that_the_architecture_lets_them_use()
    {
        Assert.Contains(Uses, use => use is { From: "Engines.Local", To: "Engines" });
        Assert.DoesNotContain(Uses, use => !Allowed(use.From).Any(allowed => Fits(allowed, use.To)));
    }

    [Fact]
    public void No_arrow_is_allowed_that_nothing_needs()
    {
        var unused = from arrow in Arrows
                     from to in arrow.Value.Except(Ground)
                     where !Uses.Any(use => Fits(arrow.Key, use.From) && Fits(to, use.To))
                     select $"{arrow.Key} -> {to}";
        Assert.Empty(unused);
    }

    [Fact]
    public void No_folders_use_each_other() => Assert.Empty(FindCircles());

    [Fact]
    public void Every_folder_of_the_provider_has_its_arrows_told()
    {
        var folders = Sources.Files().Select(file => Path.GetDirectoryName(file)!.Replace('/', '.')).Where(folder => folder.Length > 0).Distinct();
        Assert.All(folders, folder => Assert.Contains(Arrows.Keys, key => Fits(key, folder)));
    }

    private static IEnumerable<string> FindCircles()
    {
        var used = Uses.ToLookup(use => use.From, use => use.To);
        var reached = used.Select(user => user.Key).ToDictionary(folder => folder, folder => Reach(folder, used));
        return reached.Where(from => from.Value.Contains(from.Key))
            .Select(from => string.Join(", ", from.Value.Where(to => reached.GetValueOrDefault(to)?.Contains(from.Key) == true).Order(StringComparer.Ordinal)))
            .Distinct().Order(StringComparer.Ordinal);
    }

    /// <summary>All folders that a folder uses, directly or indirectly; includes itself only in case of a circle.</summary>
    private static HashSet<string> Reach(string folder, ILookup<string, string> used)
    {
        var (reached, open) = (new HashSet<string>(), new Stack<string>(used[folder]));
        while (open.TryPop(out var next))
        {
            if (reached.Add(next))
            {
                used[next].ToList().ForEach(open.Push);
            }
        }
        return reached;
    }

    private static string[] Allowed(string folder) => Arrows.FirstOrDefault(arrow => Fits(arrow.Key, folder)).Value ?? [];

    private static bool Fits(string pattern, string folder) =>
        pattern == folder || (pattern.EndsWith(".*", StringComparison.Ordinal) && folder.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
