using System.Globalization;
using PgFleet.Platform;

namespace PgFleet.Archives.Backup;

/// <summary>Summarises the health of a server's base backups in a sentence for people, kept in a file that the server's status shows.</summary>
internal sealed class BackupHealth(ArchiveConfig config, ArchiveLayout layout, TimeProvider clock)
{
    /// <summary>Time after which a backup that is due must have begun.</summary>
    private static readonly TimeSpan Grace = TimeSpan.FromMinutes(10);

    private readonly BackupCatalogue catalogue = new(config.ArchiveDirectory, config.SystemIdentifier);

    public string? FindComplaint() => Failed() ?? Damaged() ?? Overdue();

    /// <summary>Writes the file. Nothing depends on it, so an error is only logged.</summary>
    public void Write()
    {
        try
        {
            var complaint = FindComplaint();
            if (complaint != (File.Exists(layout.Complaint) ? File.ReadAllText(layout.Complaint).TrimEnd() : null))
            {
                ArchiveFile.WriteText(layout.Complaint, complaint);
            }
        }
        catch (Exception full) when (full is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"pgfleet: \"{layout.Complaint}\" could not be written: {full.Message}");
        }
    }

    private string? Failed() =>
        catalogue.FindFailure() is { } reason ? $"its base backup of {Text(File.GetLastWriteTimeUtc(layout.BackupFailure))} failed, and is tried again: {reason}" : null;

    private string? Damaged() =>
        catalogue.List().LastOrDefault(backup => backup.Check is not null) is { Check.Damage: { } damage } backup
            ? $"its base backup of {Text(backup.EndedAt)} has damaged pages, and older backups are kept for it: {damage}"
            : null;

    private string? Overdue() =>
        File.Exists(layout.BackupDue) && File.GetLastWriteTimeUtc(layout.BackupDue) is var since && clock.GetUtcNow() - since > Grace && !IsBeingTaken()
            ? $"no base backup has come of it since {Text(since)}, when one was due: see whether something ends the process that takes it"
            : null;

    private bool IsBeingTaken()
    {
        using var free = FileLock.TryTake(layout.BackupLock);
        return free is null;
    }

    private static string Text(DateTimeOffset at) => at.UtcDateTime.ToString("u", CultureInfo.InvariantCulture);
}
