using System.Text.Json;
using PgFleet.Failures;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>
/// wal.json: notes on an archive's WAL taken when it was archived, so that an inspection need not read all of it again. WAL outside the notes is read.
/// </summary>
internal sealed record WalNotes : IFormatted
{
    public int Format { get; init; } = 1;

    public required uint Timeline { get; init; }

    /// <summary>Where the notes begin; WAL before it was not read.</summary>
    public required Lsn From { get; init; }

    /// <summary>Where the notes end: the archive has held all records up to here, even if some are missing today.</summary>
    public required Lsn To { get; init; }

    public required IReadOnlyList<TablespaceMark> Tablespaces { get; init; }

    /// <summary>Reads the notes; null when there are none or they are damaged.</summary>
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

    /// <remarks>Not synced: what a power failure loses is read again.</remarks>
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
