using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Recovery;
using PgFleet.Failures;
using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Preflight;

/// <summary>Checks whether a restore can succeed (only before it has begun), and reports what can be restored of a server whose data is lost.</summary>
internal sealed class RestoreChecks(Home home, Registry registry, RecoveryWindowReader windows, Restorables restorables)
{
    private const int Megabyte = 1 << 20;

    /// <summary>Space for the server's own files, and for what it writes during recovery.</summary>
    private const long Margin = 200L * Megabyte;

    /// <summary>File systems on which a copy shares its blocks.</summary>
    private static readonly string[] Cloning = ["btrfs", "xfs", "bcachefs"];

    /// <summary>Checks a restore. <paramref name="namesake"/> is the server that has its name today.</summary>
    public async Task<IReadOnlyList<Problem>> CheckAsync(Server? prior, ServerSpec spec, ServerRecord? namesake, CancellationToken cancel)
    {
        if (prior is not null || spec.Origin is not { } origin || (namesake is { State: not RecordState.Available } && namesake.Origin?.Asked == origin))
        {
            return [];
        }
        if (registry.IsLinked(origin.Source))
        {
            return [new("sourceInstance", InstanceFailures.NoRecovery(origin.Source))];
        }
        try
        {
            var (source, window) = await restorables.FindWindowAsync(origin.Source, origin.Instant, cancel);
            return window.Refusal(origin.Instant) is { } refusal
                ? [new("restoreTime", $"{refusal}{await restorables.NamesakesAsync(source, cancel)}")]
                : [.. Room(window, spec)];
        }
        catch (ResourceFailure none) when (none.Kind is FailureKind.Missing or FailureKind.Conflict)
        {
            return [new("sourceInstance", none.Text)];
        }
    }

    /// <summary>Reports a server whose data is lost, with its recovery window: it cannot be changed.</summary>
    public async Task<IReadOnlyList<Problem>> OfLostServerAsync(Server? prior, ServerRecord? record, CancellationToken cancel)
    {
        if (prior is not { Status: ServerStatus.Lost } || record is null)
        {
            return [];
        }
        try
        {
            return [new("", $"{InstanceFailures.Lost(record.Name)} {(await windows.OfAsync(record, cancel)).Text}")];
        }
        catch (ResourceFailure unreadable)
        {
            return [new("", $"{InstanceFailures.Lost(record.Name)} {unreadable.Text}")];
        }
    }

    /// <summary>Checks the space for the copy and for its own first backup, which may be on another disk.</summary>
    private IEnumerable<Problem> Room(RecoveryWindow window, ServerSpec spec)
    {
        var backup = window.Backups.Max(kept => kept.Bytes);
        return spec.Placement.ArchiveDirectory is { } elsewhere
            ? [.. Room(window, home.Root, "", Margin + backup), .. Room(window, elsewhere, "backup.directory", backup)]
            : Room(window, home.Root, "", Margin + (2 * backup));
    }

    private static IEnumerable<Problem> Room(RecoveryWindow window, string folder, string property, long bytes)
    {
        var disk = new DriveInfo(Home.Existing(folder));
        var needed = Cloning.Contains(disk.DriveFormat) ? Margin : bytes;
        if (disk.AvailableFreeSpace < needed)
        {
            yield return new(property, $"A restore of \"{window.Instance}\" needs {needed} bytes ({needed / Megabyte} MB) on the disk of \"{folder}\", which has {disk.AvailableFreeSpace} ({disk.AvailableFreeSpace / Megabyte} MB) left. Free some, or name a folder on a larger disk. {window.Text}");
        }
    }
}
