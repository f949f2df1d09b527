using System.Globalization;
using System.Text.RegularExpressions;
using MiniEngine.State;

namespace PgFleet.EndToEnd.Kept;

/// <summary>Replaces the release's folders, programs and ports by the test's own.</summary>
internal sealed partial class Places
{
    private readonly Vault vault = Vault.Of("tests");
    private readonly Release release;
    private readonly string folder;
    private readonly Dictionary<string, string> ports;

    public Places(Release release, string folder)
    {
        (this.release, this.folder) = (release, folder);
        // All ports are chosen before the servers start, so duplicates must be excluded.
        var free = new HashSet<int>();
        while (free.Count < release.Ports.Count)
        {
            free.Add(FreePort.Find());
        }
        ports = release.Ports.Zip(free).ToDictionary(pair => Text(pair.First), pair => Text(pair.Second));
    }

    public string Put(string text) => SecretOrNumber().Replace(
        text.Replace(release.Folder, folder, StringComparison.Ordinal).Replace(release.Programs, Repository.Programs, StringComparison.Ordinal),
        match => match.Value.StartsWith("v1:", StringComparison.Ordinal)
            ? vault.Encrypt(Put(vault.Decrypt(match.Value.Replace(@"\u002B", "+", StringComparison.Ordinal))))
            : ports.GetValueOrDefault(match.Value, match.Value));

    private static string Text(int port) => port.ToString(CultureInfo.InvariantCulture);

    /// <summary>What MiniEngine's vault wrote, where JSON may have escaped the plus signs; or a possible port.</summary>
    [GeneratedRegex(@"v1:[^""\s]+|(?<![0-9])[0-9]{4,5}(?![0-9])")]
    private static partial Regex SecretOrNumber();
}
