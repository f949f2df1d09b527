using System.Text.RegularExpressions;

namespace PgFleet.Postgres.Backup;

/// <summary>What ALTER SYSTEM has set. In a copy it would win over the copy's own configuration, and may lead to the folders of its source.</summary>
internal static partial class SystemSettings
{
    private const string FileName = "postgresql.auto.conf";

    /// <summary>Empties the file.</summary>
    /// <returns>The names that were set in it.</returns>
    public static IReadOnlyList<string> TakeAway(string data)
    {
        var path = Path.Combine(data, FileName);
        var names = File.Exists(path) ? Setting().Matches(File.ReadAllText(path)).Select(match => match.Groups["name"].Value).Distinct().ToList() : [];
        File.WriteAllText(path, "");
        return names;
    }

    [GeneratedRegex(@"^\s*(?<name>[A-Za-z_][\w.$]*)", RegexOptions.Multiline)]
    private static partial Regex Setting();
}
