using System.Text.RegularExpressions;

namespace PgFleet.Postgres.Backup;

/// <summary>The settings made by ALTER SYSTEM. In a copy they would override the copy's own configuration, and may point to folders of the source.</summary>
internal static partial class SystemSettings
{
    private const string FileName = "postgresql.auto.conf";

    /// <summary>Empties postgresql.auto.conf.</summary>
    /// <returns>The names of the parameters that were set in it.</returns>
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
