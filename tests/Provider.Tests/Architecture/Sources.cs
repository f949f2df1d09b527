using System.Text.RegularExpressions;

namespace PgFleet.Tests.Architecture;

/// <summary>The provider's source, as text.</summary>
internal static partial class Sources
{
    public static string Provider { get; } = Path.Combine(Repository.Root, "provider");

    public static IEnumerable<string> Files() =>
        from file in Directory.EnumerateFiles(Provider, "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Provider, file)
        where !relative.StartsWith("obj/", StringComparison.Ordinal) && !relative.StartsWith("bin/", StringComparison.Ordinal)
        select relative;

    /// <summary>The namespaces that files name in their using lines; of a type that is named there, its namespace.</summary>
    public static IEnumerable<Use> Uses() =>
        from file in Files()
        let folder = Path.GetDirectoryName(file)!.Replace('/', '.')
        where folder.Length > 0
        from line in Lines(file)
        let named = Using().Match(line)
        where named.Success
        let target = IsFolder(named.Groups[1].Value) ? named.Groups[1].Value : named.Groups[1].Value[..named.Groups[1].Value.LastIndexOf('.')]
        where target != folder
        select new Use(folder, Path.GetFileNameWithoutExtension(file), target, "a using line");

    public static string[] Lines(string relative) => File.ReadAllLines(Path.Combine(Provider, relative));

    private static bool IsFolder(string name) => Directory.Exists(Path.Combine(Provider, name.Replace('.', '/')));

    [GeneratedRegex(@"^using (?:static )?(?:\w+ = )?PgFleet\.([\w.]+);$")]
    private static partial Regex Using();
}
