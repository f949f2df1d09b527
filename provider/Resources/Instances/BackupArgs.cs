using System.ComponentModel;
using PgFleet.Schema;
using PgFleet.Schema.Types;

namespace PgFleet.Resources.Instances;

internal sealed record BackupArgs
{
    [Description("How far back a restore shall be possible, as a duration such as \"24h\" or \"7d\".")]
    [DefaultValue("24h")]
    public Duration? Retention { get; init; }

    [Description("The age at which the newest base backup is followed by another.")]
    [DefaultValue("24h")]
    public Duration? Interval { get; init; }

    [Description("At most this much of a busy server's latest work is not archived yet; whole seconds.")]
    [DefaultValue("60s")]
    public Duration? ArchiveTimeout { get; init; }

    [Description("An absolute folder for the archive, on another disk if possible. Left out, it lies inside the fleet's home. A change replaces the server.")]
    [Replaces]
    [Pattern("/.+", "write an absolute path")]
    public FolderPath? Directory { get; init; }

    [Description("What becomes of the archive when the server is deleted or replaced: keep it for the retention, so that the server can still be restored, or delete it at once and for good.")]
    [DefaultValue("keep"), AddedLater, OneOf("keep", "delete")]
    public string? OnDelete { get; init; }
}
