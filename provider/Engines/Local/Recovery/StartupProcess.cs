using System.Text.RegularExpressions;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>The startup process of a server that replays WAL. Until it is done, its progress is visible only in its process title.</summary>
/// <param name="postmaster">The postmaster's process id.</param>
internal sealed partial class StartupProcess(int postmaster)
{
    private int? pid;

    /// <summary>The name of the segment that is being replayed; null when there is none.</summary>
    public string? FindSegment()
    {
        pid ??= ProcessFiles.Children(postmaster).Cast<int?>().FirstOrDefault(child => Segment(child!.Value) is not null);
        return pid is { } startup ? Segment(startup) : null;
    }

    private static string? Segment(int pid) =>
        Title().Match(string.Join(' ', ProcessFiles.Arguments(pid))) is { Success: true } match ? match.Groups["segment"].Value : null;

    [GeneratedRegex(@"startup recovering (?<segment>[0-9A-F]{24})")]
    private static partial Regex Title();
}
