using System.ComponentModel;

namespace PgFleet.Functions;

internal sealed record RecoveryWindowResult
{
    [Description("The earliest instant that can be restored, as RFC 3339 in UTC with microseconds; absent when nothing can.")]
    public string? Earliest { get; init; }

    [Description("The latest: now, by the server's own clock, if it answers; else the last thing that its archive and its WAL tell of.")]
    public string? Latest { get; init; }

    [Description("What tells the server from every other of its name, if it was deleted: what `sourceInstance` takes. Absent for a server that is there.")]
    public string? DeletedIdentity { get; init; }

    [Description("When it was deleted, as RFC 3339 in UTC with microseconds.")]
    public string? DeletedAt { get; init; }

    [Description("Until when its archive is kept; the fleet's next work after that removes it.")]
    public string? KeptUntil { get; init; }

    [Description("The base backups that are kept, the oldest first.")]
    public required IReadOnlyList<BackupSummary> Backups { get; init; }

    [Description("What is wrong with the base backups: the last one failed, none has come for too long, or pages are damaged. Absent when all is well.")]
    public string? Complaint { get; init; }

    [Description("WAL segments whose absence leaves instants in between that cannot be restored, or ends the window.")]
    public required IReadOnlyList<string> MissingSegments { get; init; }
}

internal sealed record BackupSummary
{
    [Description("When it ended, by the server's clock: from then on instants can be restored from it.")]
    public required string EndedAt { get; init; }

    [Description("Its size in bytes.")]
    public required long Bytes { get; init; }

    [Description("Why it cannot be used; absent when it can.")]
    public string? Damage { get; init; }

    [Description("Whether its pages were looked into. That is done in the background; older backups are kept until it is.")]
    public required bool Checked { get; init; }

    [Description("Pages that the server's own disk had damaged when they were copied, such as `block 50 of base/5/16384`; absent when none was.")]
    public string? DamagedPages { get; init; }
}
