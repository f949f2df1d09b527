namespace PgFleet.Tests.Architecture;

/// <summary>The provider's source, as text.</summary>
internal static class Sources
{
    public static string Provider { get; } = Path.Combine(Repository.Root, "provider");

    public static IEnumerable<string> Files() =>
        from file in Directory.EnumerateFiles(Provider, "*.cs", SearchOption.AllDirectories)
        let relative = Path.GetRelativePath(Provider, file)
        where !relative.StartsWith("obj/", StringComparison.Ordinal) && !relative.StartsWith("bin/", StringComparison.Ordinal)
        select relative;

    public static string[] Lines(string relative) => File.ReadAllLines(Path.Combine(Provider, relative));
}
