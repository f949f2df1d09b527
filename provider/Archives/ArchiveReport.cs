namespace PgFleet.Archives;

/// <summary>The content of an archive and the instants that can be restored from it.</summary>
/// <param name="Backups">The base backups, oldest first.</param>
/// <param name="Ranges">Ranges of instants that can be restored, each without a gap, oldest first; empty when there are none.</param>
/// <param name="Complaint">A warning about the backups, for people; null when there is none.</param>
internal sealed record ArchiveReport(IReadOnlyList<BackupReport> Backups, IReadOnlyList<RangeReport> Ranges, string? Complaint) : IFormatted
{
    public int Format { get; init; } = 1;
}

/// <summary>A base backup in a report.</summary>
/// <param name="Name">Its name.</param>
/// <param name="EndedAt">The first instant that can be restored from it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Damage">Why it cannot be used; null when it can, as far as is visible without reading all of it.</param>
/// <param name="Check">The result of its page check; null when it has not been checked yet.</param>
internal sealed record BackupReport(string Name, DateTimeOffset EndedAt, long Bytes, string? Damage, PageCheck? Check);

/// <summary>Consecutive WAL and the backups in it.</summary>
/// <param name="From">The end of its first usable backup.</param>
/// <param name="To">The last instant that it is known to reach.</param>
/// <param name="Missing">The missing or damaged segment that ends it although the server wrote more WAL; null when there is none.</param>
/// <param name="Why">Why it ends although the server wrote more WAL, as part of a sentence; null for the last range.</param>
/// <param name="Tablespace">OID of the tablespace that ends it; null when none does.</param>
internal sealed record RangeReport(DateTimeOffset From, DateTimeOffset To, string? Missing, string? Why, uint? Tablespace);
