using System.Text.Json;
using PgFleet.Failures;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>wal.json: what was read of an archive's WAL as it came, so that a look need not read all of it again. Without it, or behind it, it is read.</summary>
internal sealed record WalNotes : IFormatted
{
    public int Format { get; init; } = 1;

    public required uint Timeline { get; init; }

    /// <summary>What lies before was not read.</summary>
    public required Lsn From { get; init; }

    /// <summary>The archive has had all records up to here, whatever it has today.</summary>
    public required Lsn To { get; init; }

    public required IReadOnlyList<TablespaceMark> Tablespaces { get; init; }

    /// <summary>Null when there are none that read.</summary>
    public static WalNotes? Find(ArchiveLayout layout)
    {
        try
        {
            return File.Exists(layout.WalNotes) ? ArchiveJson.Read(layout.WalNotes, ArchiveJson.Default.WalNotes) : null;
        }
        catch (Exception unreadable) when (unreadable is ResourceFailure or IOException or FormatException)
        {
            return null;
        }
    }

    /// <remarks>Not synced: what a power cut loses of it is read again.</remarks>
    public void Write(ArchiveLayout layout)
    {
        var aside = $"{layout.WalNotes}.{Guid.NewGuid():N}.tmp";
        try
        {
            using (var file = new FileStream(aside, FileMode.CreateNew, FileAccess.Write))
            {
                JsonSerializer.Serialize(file, this, ArchiveJson.Default.WalNotes);
            }
            File.Move(aside, layout.WalNotes, overwrite: true);
        }
        finally
        {
            File.Delete(aside);
        }
    }
}
