namespace PgFleet.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md: which folder may use which. Folders are namespaces, and what counts is what the compiled program uses.</summary>
public sealed class ArrowTests
{
    private static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Failures"] = [],
        ["Schema"] = ["Failures"],
        ["Schema.Types"] = ["Schema"],
        ["Schema.Docs"] = ["Schema"],
        ["Engines"] = ["Engines.Sessions", "Failures"],
        // Below all who speak to a server as its administrator.
        ["Engines.Sessions"] = [],
        ["Engines.Sql"] = ["Engines", "Failures"],
        // The home, its records and locks are the local engine's.
        ["Engines.Linked"] = ["Engines", "Engines.Sessions", "Engines.Sql", "Engines.Local", "Engines.Local.Archive", "Failures"],
        ["Engines.Local.Archive"] = ["Engines.Sessions", "Engines.Local.Archive.Reading", "Engines.Local.Archive.Restoring", "Failures"],
        ["Engines.Local.Archive.Reading"] = ["Engines.Local.Archive", "Failures"],
        ["Engines.Local.Archive.Restoring"] = ["Engines.Local.Archive", "Engines.Local.Archive.Reading", "Failures"],
        ["Engines.Local.Deleted"] = ["Engines", "Engines.Local", "Engines.Local.Archive", "Failures"],
        ["Engines.Local.Preflights"] = ["Engines", "Engines.Local", "Engines.Local.Recovery", "Failures"],
        ["Engines.Local.Recovery"] =
            ["Engines", "Engines.Sql", "Engines.Local", "Engines.Local.Archive", "Engines.Local.Archive.Reading", "Engines.Local.Archive.Restoring", "Engines.Local.Deleted", "Failures"],
        ["Engines.Local"] =
            ["Engines", "Engines.Sessions", "Engines.Sql", "Engines.Local.Archive", "Engines.Local.Archive.Reading", "Engines.Local.Archive.Restoring", "Engines.Local.Deleted", "Engines.Local.Preflights", "Engines.Local.Recovery", "Failures"],
        // Applications lie in the local home, beside the servers, and are as durable.
        ["Applications"] = ["Engines", "Engines.Sql", "Engines.Local", "Engines.Local.Archive", "Failures"],
        ["Resources"] = ["Schema", "Schema.Types", "Applications", "Engines", "Engines.Sql", "Failures"],
        ["Resources.*"] = ["Resources", "Schema", "Schema.Types", "Applications", "Engines", "Engines.Sql", "Failures"],
        ["Functions"] = ["Resources", "Resources.*", "Schema", "Schema.Types", "Applications", "Engines", "Failures"],
        ["Protocols"] = ["Functions", "Resources", "Schema", "Engines", "Failures"],
        ["Protocols.Pulumi"] = ["Protocols", "Functions", "Resources", "Schema", "Engines", "Failures"],
        ["Protocols.Terraform"] = ["Protocols", "Functions", "Resources", "Schema", "Schema.Types", "Engines", "Failures"],
        ["Verbs"] = ["Functions", "Resources", "Applications", "Engines", "Engines.Local", "Failures"],
    };

    /// <summary>Folders that use each other, in one step or in several: rooms that are still to be parted. None may join them.</summary>
    private static readonly string[] Circles =
    [
        "Engines.Local, Engines.Local.Deleted, Engines.Local.Preflights, Engines.Local.Recovery",
        "Engines.Local.Archive, Engines.Local.Archive.Reading, Engines.Local.Archive.Restoring",
    ];

    // The one place where all records meet their generated contracts.
    private const string Meeting = "RecordContext";

    private static readonly IReadOnlyList<Use> Uses = [.. Compiled.Uses.Where(use => use.User != Meeting)];

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
    public void No_folders_use_each_other_but_those_that_are_still_to_be_parted() => Assert.Equal(Circles, FindCircles());

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

    /// <summary>All that a folder uses, in any number of steps; itself only if it is in a circle.</summary>
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
