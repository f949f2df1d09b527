namespace PgFleet.Platform;

/// <summary>Resolves symbolic links step by step.</summary>
internal static class LinkChain
{
    /// <summary>The number of links that Linux follows (path_resolution(7)).</summary>
    private const int Longest = 40;

    /// <summary>Returns the path itself and the target of each link in turn; the last is not a link.</summary>
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
