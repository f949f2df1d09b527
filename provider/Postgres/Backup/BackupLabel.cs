using System.Globalization;
using System.Text.RegularExpressions;

namespace PgFleet.Postgres.Backup;

/// <summary>The backup_label that the server composed. Without it the copy would recover from the wrong checkpoint.</summary>
/// <param name="Text">The whole text.</param>
/// <param name="Start">The position where replay starts.</param>
/// <param name="StartSegment">Name of the WAL file that holds <paramref name="Start"/>.</param>
/// <param name="Timeline">The timeline of the backup.</param>
internal sealed partial record BackupLabel(string Text, Lsn Start, string StartSegment, uint Timeline)
{
    public static BackupLabel Parse(string text) =>
        StartLine().Match(text) is { Success: true } start && TimelineLine().Match(text) is { Success: true } timeline
            ? new(text, Lsn.Parse(start.Groups[1].Value), start.Groups[2].Value, uint.Parse(timeline.Groups[1].Value, CultureInfo.InvariantCulture))
            : throw new FormatException($"The server's backup_label does not say where it starts: {text}");

    [GeneratedRegex(@"^START WAL LOCATION: (\S+) \(file (\w+)\)$", RegexOptions.Multiline)]
    private static partial Regex StartLine();

    [GeneratedRegex(@"^START TIMELINE: (\d+)$", RegexOptions.Multiline)]
    private static partial Regex TimelineLine();
}
