using System.Globalization;
using PgFleet.Platform;
using PgFleet.Postgres.Wal;

namespace PgFleet.Postgres.Backup;

/// <summary>The file without which a server does not know that it has a target.</summary>
/// <remarks>
/// PostgreSQL removes it when it has found the target, and only then writes a checkpoint (StartupXLOG, access/transam/xlog.c). One that ends
/// in between would take its start for a crash's, and replay all the WAL that it has on the source's timeline.
/// </remarks>
internal static class RecoverySignal
{
    private const string Name = "recovery.signal";

    /// <summary>With it a server would follow another for ever, whatever else it finds.</summary>
    private const string Standby = "standby.signal";

    public static void Give(string data)
    {
        File.Delete(Path.Combine(data, Standby));
        File.WriteAllText(Path.Combine(data, Name), "");
    }

    /// <summary>Gives it back to a data directory whose recovery has not come to its end. No server may run on it.</summary>
    /// <param name="timeline">The one that is recovered; a server whose recovery has ended is on a later one.</param>
    public static void GiveBack(string data, uint timeline)
    {
        if (File.Exists(Path.Combine(data, Name)) || ControlFile.ReadTimeline(data) != timeline)
        {
            return;
        }
        var wal = Path.Combine(data, "pg_wal");
        foreach (var begun in Directory.EnumerateFiles(wal, "*", SearchOption.AllDirectories).Where(path => IsOfLater(Path.GetFileName(path), timeline)))
        {
            File.Delete(begun);
        }
        Give(data);
        Posix.SyncFileSystem(data);
    }

    /// <summary>A segment, a timeline's history, or what the archiver is to know of either.</summary>
    private static bool IsOfLater(string name, uint timeline) =>
        (WalSegment.Names(name) || name.Contains(".history", StringComparison.Ordinal))
        && uint.TryParse(name.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var its)
        && its > timeline;
}
