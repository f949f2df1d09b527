using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Instances;

/// <summary>A server with an archive: an existing one, or a deleted one whose archive is kept.</summary>
/// <param name="Record">The server's record.</param>
/// <param name="Paths">Where it is stored.</param>
/// <param name="Deletion">The deletion; null for an existing server.</param>
internal sealed record Restorable(ServerRecord Record, InstancePaths Paths, DeletionRecord? Deletion = null)
{
    /// <summary>Number of an identity's digits that are shown: enough, since few servers of a fleet have had one name.</summary>
    private const int Shown = 8;

    /// <summary>Distinguishes it from every other server that has or had its name.</summary>
    public string Identity => $"{Record.Name}@{$"{Record.InstanceId:N}"[..Shown]}";

    /// <summary>Its name in messages: for a deleted server, its identity.</summary>
    public string Title => Deletion is null ? Record.Name : Identity;

    /// <summary>The configuration file for the archive program.</summary>
    public string ArchiveConfig => Deletion is null ? Paths.ArchiveConfig : Paths.KeptArchiveConfig;

    public DeletedServer? Deleted => Deletion is null
        ? null
        : new(Record.Name, Identity, Record.Username, Record.ServerVersion, Record.CreatedAt, Deletion.DeletedAt, Deletion.KeptUntil);

    /// <summary>Splits a user's reference to a server into its name and, after an @, the first digits of its identity; "" when there are none.</summary>
    public static (string Name, string Digits) Split(string asked) =>
        asked.Split('@', 2) is [var name, var digits] ? (name, digits.Replace("-", "", StringComparison.Ordinal)) : (asked, "");

    public bool IsMeantBy(string asked) =>
        Split(asked) is var (name, digits) && name == Record.Name && $"{Record.InstanceId:N}".StartsWith(digits, StringComparison.Ordinal);
}
