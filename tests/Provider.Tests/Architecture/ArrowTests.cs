namespace PgFleet.Tests.Architecture;

/// <summary>The arrows of ARCHITECTURE.md: which folder may use which. Folders are namespaces.</summary>
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
        ["Engines.Sql"] = ["Failures"],
        // The home, its records and locks are the local engine's.
        ["Engines.Linked"] = ["Engines", "Engines.Sessions", "Engines.Sql", "Engines.Local", "Engines.Local.Archive", "Failures"],
        ["Engines.Local.Archive"] = ["Engines.Sessions", "Engines.Local.Archive.Reading", "Engines.Local.Archive.Restoring", "Failures"],
        // Parts of their parent, in folders of their own.
        ["Engines.Local.Archive.Reading"] = ["Failures"],
        ["Engines.Local.Archive.Restoring"] = ["Engines.Local.Archive.Reading", "Failures"],
        ["Engines.Local.Deleted"] = ["Engines", "Engines.Local.Archive", "Failures"],
        ["Engines.Local.Preflights"] = ["Engines", "Engines.Local.Recovery", "Failures"],
        ["Engines.Local.Recovery"] = ["Engines", "Engines.Sql", "Engines.Local.Archive", "Engines.Local.Deleted", "Engines.Local.Archive.Restoring", "Failures"],
        ["Engines.Local"] =
            ["Engines", "Engines.Sessions", "Engines.Sql", "Engines.Local.Archive", "Engines.Local.Archive.Restoring", "Engines.Local.Deleted", "Engines.Local.Preflights", "Engines.Local.Recovery", "Failures"],
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

    // The one place where all records meet their generated contracts.
    private static readonly string[] Exempt = ["Program.cs", "Resources/RecordContext.cs"];

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
        var wrong = from file in Sources.Files()
                    where !Exempt.Contains(file)
                    let own = Path.GetDirectoryName(file)!.Replace('/', '.')
                    from line in Sources.Lines(file)
                    where line.StartsWith("using PgFleet.", StringComparison.Ordinal)
                    let used = line["using PgFleet.".Length..].TrimEnd(';')
                    where used != own && !Allowed(own).Any(allowed => Fits(allowed, used))
                    select $"{file} uses {used}";
        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_of_the_provider_has_its_arrows_told()
    {
        var folders = Sources.Files().Select(file => Path.GetDirectoryName(file)!.Replace('/', '.')).Where(folder => folder.Length > 0).Distinct();
        Assert.All(folders, folder => Assert.Contains(Arrows.Keys, key => Fits(key, folder)));
    }

    private static string[] Allowed(string folder) => Arrows.FirstOrDefault(arrow => Fits(arrow.Key, folder)).Value ?? [];

    private static bool Fits(string pattern, string folder) =>
        pattern == folder || (pattern.EndsWith(".*", StringComparison.Ordinal) && folder.StartsWith(pattern[..^1], StringComparison.Ordinal));
}
