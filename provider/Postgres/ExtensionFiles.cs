using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using PgFleet.Platform;

namespace PgFleet.Postgres;

/// <summary>Lists the extensions whose files an installation of PostgreSQL has: what pg_available_extensions would show if a server ran.</summary>
internal sealed partial class ExtensionFiles(Installations installations, ServiceAccount account)
{
    private const string Suffix = ".control";

    private readonly ConcurrentDictionary<Installation, string?> folders = new();

    /// <returns>The extensions' names; null where the folder is not found.</returns>
    public async Task<IReadOnlySet<string>?> FindAsync(string? version, CancellationToken cancel)
    {
        var installation = await installations.GetAsync(version, cancel);
        var folder = folders.TryGetValue(installation, out var known) ? known : folders[installation] = await FindFolderAsync(installation, cancel);
        return folder is null || !Directory.Exists(folder)
            ? null
            : Directory.EnumerateFiles(folder, $"*{Suffix}").Select(file => Path.GetFileName(file)[..^Suffix.Length]).ToHashSet(StringComparer.Ordinal);
    }

    /// <summary>
    /// Asks initdb for its share directory, which depends on where PostgreSQL was installed or moved to. With --show it changes nothing. pg_config is not
    /// installed everywhere.
    /// </summary>
    private async Task<string?> FindFolderAsync(Installation installation, CancellationToken cancel)
    {
        var told = await account.TryAsync(cancel, installation.Program("initdb"), "--show", "--pgdata", "/nonexistent");
        return SharePattern().Match($"{told.StandardError}\n{told.StandardOutput}") is { Success: true } match ? Path.Combine(match.Groups["share"].Value, "extension") : null;
    }

    [GeneratedRegex(@"^share_path=(?<share>/.+?)\r?$", RegexOptions.Multiline)]
    private static partial Regex SharePattern();
}
