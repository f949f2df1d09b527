using PgFleet.Engines.Local.Recovery;
using PgFleet.Failures;

namespace PgFleet.Engines.Local.Preflights;

/// <summary>Whether a server that is to be restored can be: only before it is begun, and never again.</summary>
internal sealed class RestoreChecks(Home home, Registry registry, WindowSurvey windows)
{
    private const int Megabyte = 1 << 20;

    /// <summary>For the server's own files, and what it writes while it recovers.</summary>
    private const long Margin = 200L * Megabyte;

    /// <summary>File systems on which a copy takes no room.</summary>
    private static readonly string[] Cloning = ["btrfs", "xfs", "bcachefs"];

    /// <param name="origin">Of a server that is to be made.</param>
    /// <param name="namesake">What bears its name today.</param>
    public async Task<IReadOnlyList<Problem>> CheckAsync(RestoreOrigin? origin, ServerRecord? namesake, CancellationToken cancel)
    {
        if (origin is null || (namesake is { State: not RecordState.Available } && namesake.Origin?.Asked == origin))
        {
            return [];
        }
        if (registry.IsLinked(origin.Source))
        {
            return [new("sourceInstance", Texts.NoRecovery(origin.Source))];
        }
        if (registry.Find(origin.Source) is not { } source)
        {
            return [new("sourceInstance", $"Instance \"{origin.Source}\" does not exist in \"{home.Root}\". Correct the name.")];
        }
        if (source.State != RecordState.Available)
        {
            return [new("sourceInstance", $"Instance \"{origin.Source}\" is unfinished, and has no base backup yet. Create it first.")];
        }
        var window = await windows.OfAsync(source, cancel);
        return window.Refusal(origin.Instant) is { } refusal ? [new("restoreTime", refusal)] : [.. Room(window, source)];
    }

    /// <summary>The copy, and its own first backup.</summary>
    private IEnumerable<Problem> Room(RecoveryWindow window, ServerRecord source)
    {
        var disk = new DriveInfo(Home.Existing(home.Root));
        var needed = Margin + (Cloning.Contains(disk.DriveFormat) ? 0 : 2 * window.Backups.Max(backup => backup.Bytes));
        if (disk.AvailableFreeSpace < needed)
        {
            yield return new("", $"A restore of \"{source.Name}\" needs {needed} bytes ({needed / Megabyte} MB) on the disk of \"{home.Root}\", which has {disk.AvailableFreeSpace} ({disk.AvailableFreeSpace / Megabyte} MB) left. Free some, or set home to a folder on a larger disk. {window.Text}");
        }
    }
}
