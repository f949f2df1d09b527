using System.Globalization;
using PgFleet.Platform;
using PgFleet.Postgres.Wal;

namespace PgFleet.Postgres.Backup;

/// <summary>Writes recovery.signal, without which a server ignores its recovery target.</summary>
/// <remarks>
/// PostgreSQL removes it when it has reached the target, and only then writes a checkpoint (StartupXLOG, access/transam/xlog.c). A server that
/// ends in between would treat its next start as crash recovery and replay all WAL that it has on the source's timeline.
/// </remarks>
internal static class RecoverySignal
{
    private const string Name = "recovery.signal";

    /// <summary>With this file, a server would stay a standby for ever, regardless of other settings.</summary>
    private const string Standby = "standby.signal";

    public static void Give(string data)
    {
        File.Delete(Path.Combine(data, Standby));
        File.WriteAllText(Path.Combine(data, Name), "");
    }

    /// <summary>Restores the file in a data directory whose recovery has not completed. No server may run on it.</summary>
    /// <param name="data">The data directory.</param>
    /// <param name="timeline">The timeline that is recovered; a server whose recovery has completed is on a later one.</param>
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

    /// <summary>True for a segment or timeline history of a later timeline, and for the archiver's status files of either.</summary>
    private static bool IsOfLater(string name, uint timeline) =>
        (WalSegment.Names(name) || name.Contains(".history", StringComparison.Ordinal))
        && uint.TryParse(name.AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var its)
        && its > timeline;
}
