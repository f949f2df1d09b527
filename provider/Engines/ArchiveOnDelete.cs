using System.Text.Json.Serialization;

namespace PgFleet.Engines;

/// <summary>Whether a deleted server's archive and backups are kept.</summary>
internal enum ArchiveOnDelete
{
    /// <summary>They are kept for the retention, and the server can be restored from them.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>They are deleted with the server.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,
}
