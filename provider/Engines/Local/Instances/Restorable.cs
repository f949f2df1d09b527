using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Instances;

/// <summary>A server that has an archive: one that is there, or one that was deleted and whose archive is kept.</summary>
/// <param name="Paths">Where it lies.</param>
/// <param name="Deletion">Null for one that is there.</param>
internal sealed record Restorable(ServerRecord Record, InstancePaths Paths, DeletionRecord? Deletion = null)
{
    /// <summary>As many of an identity's digits as are shown: a fleet has few servers of one name.</summary>
    private const int Shown = 8;

    /// <summary>Tells it from every other that bears or bore its name.</summary>
    public string Identity => $"{Record.Name}@{$"{Record.InstanceId:N}"[..Shown]}";

    /// <summary>What it is called in a message: a deleted one by its identity.</summary>
    public string Title => Deletion is null ? Record.Name : Identity;

    /// <summary>What the archive's programs are told of it.</summary>
    public string ArchiveConfig => Deletion is null ? Paths.ArchiveConfig : Paths.KeptArchiveConfig;

    public DeletedServer? Deleted => Deletion is null
        ? null
        : new(Record.Name, Identity, Record.Username, Record.ServerVersion, Record.CreatedAt, Deletion.DeletedAt, Deletion.KeptUntil);

    /// <summary>A text that names a server splits into its name and, after an @, the beginning of its identity's digits; "" when there is none.</summary>
    public static (string Name, string Digits) Split(string asked) =>
        asked.Split('@', 2) is [var name, var digits] ? (name, digits.Replace("-", "", StringComparison.Ordinal)) : (asked, "");

    public bool IsMeantBy(string asked) =>
        Split(asked) is var (name, digits) && name == Record.Name && $"{Record.InstanceId:N}".StartsWith(digits, StringComparison.Ordinal);
}
