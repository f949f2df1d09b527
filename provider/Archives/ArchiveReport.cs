namespace PgFleet.Archives;

/// <summary>What an archive holds, and how far back and forth a recovery from it reaches.</summary>
/// <param name="Backups">Oldest first.</param>
/// <param name="Stretches">Without a gap each, oldest first; empty when nothing can be restored.</param>
/// <param name="Complaint">What people should know of the backups; null when all is well.</param>
internal sealed record ArchiveReport(IReadOnlyList<BackupReport> Backups, IReadOnlyList<RangeReport> Stretches, string? Complaint) : IFormatted
{
    public int Format { get; init; } = 1;
}

/// <param name="EndedAt">From then on instants can be restored from it.</param>
/// <param name="Damage">Why it cannot be used; null when it can, as far as that can be seen without reading all of it.</param>
/// <param name="Check">What a look into its pages found; null when there was none yet.</param>
internal sealed record BackupReport(string Name, DateTimeOffset EndedAt, long Bytes, string? Damage, PageCheck? Check);

/// <summary>Consecutive WAL with the backups that lie in it.</summary>
/// <param name="From">The end of its first usable backup.</param>
/// <param name="To">The last instant that it is known to reach.</param>
/// <param name="Missing">The segment that ends it, because it is missing or damaged and the WAL went on; null when none does.</param>
/// <param name="Why">Why it ends though the WAL goes on, as a sentence tells it; null when it is the last.</param>
/// <param name="Tablespace">PostgreSQL's identifier of the tablespace that ends it; null when none does.</param>
internal sealed record RangeReport(DateTimeOffset From, DateTimeOffset To, string? Missing, string? Why, uint? Tablespace);
