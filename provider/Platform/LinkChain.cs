namespace PgFleet.Platform;

/// <summary>What a path leads to.</summary>
internal static class LinkChain
{
    /// <summary>As many as Linux follows (path_resolution(7)).</summary>
    private const int Longest = 40;

    /// <summary>The path itself, and what it leads to from link to link; the last is no link.</summary>
    public static IReadOnlyList<string> Of(string path)
    {
        var chain = new List<string> { Path.GetFullPath(path) };
        while (chain.Count <= Longest && new FileInfo(chain[^1]).LinkTarget is { } next)
        {
            chain.Add(Path.GetFullPath(next, Path.GetDirectoryName(chain[^1])!));
        }
        return chain;
    }
}
