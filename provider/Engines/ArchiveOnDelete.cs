using System.Text.Json.Serialization;

namespace PgFleet.Engines;

/// <summary>What becomes of a server's archive and backups when it is deleted.</summary>
internal enum ArchiveOnDelete
{
    /// <summary>They stay for the retention, and the server can be restored from them.</summary>
    [JsonStringEnumMemberName("keep")]
    Keep,

    /// <summary>They go with it.</summary>
    [JsonStringEnumMemberName("delete")]
    Delete,
}
