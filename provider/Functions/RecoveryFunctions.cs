using PgFleet.Engines;

namespace PgFleet.Functions;

/// <summary>Functions that read recovery windows. They change nothing.</summary>
internal sealed class RecoveryFunctions(IRecoverable archives)
{
    public async Task<RecoveryWindowResult> GetWindowAsync(GetRecoveryWindowArgs args, CancellationToken cancel)
    {
        var window = await archives.GetWindowAsync(args.Name, cancel);
        return new()
        {
            Earliest = window.Earliest is { } earliest ? RecoveryWindow.Time(earliest) : null,
            Latest = window.Latest is { } latest ? RecoveryWindow.Time(latest) : null,
            DeletedIdentity = window.Deleted?.Identity,
            DeletedAt = window.Deleted is { } deleted ? RecoveryWindow.Time(deleted.DeletedAt) : null,
            KeptUntil = window.Deleted is { } kept ? RecoveryWindow.Time(kept.KeptUntil) : null,
            Backups = [.. window.Backups.Select(backup => new BackupSummary
            {
                EndedAt = RecoveryWindow.Time(backup.EndedAt),
                Bytes = backup.Bytes,
                Damage = backup.Damage,
                Checked = backup.IsChecked,
                DamagedPages = backup.DamagedPages,
            })],
            Complaint = window.Complaint,
            MissingSegments = [.. window.Ranges.Select(range => range.Missing).OfType<string>()],
        };
    }
}
