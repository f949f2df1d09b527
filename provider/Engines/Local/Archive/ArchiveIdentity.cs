using PgFleet.Failures;

namespace PgFleet.Engines.Local.Archive;

/// <summary>identity.json: whose archive this is.</summary>
internal sealed record ArchiveIdentity(string InstanceId, string Name, string SystemIdentifier) : IFormatted
{
    public int Format { get; init; } = 1;

    /// <exception cref="ResourceFailure">There is none: the folder is no archive, or its disk is not mounted.</exception>
    public static ArchiveIdentity Read(ArchiveLayout layout) => ArchiveJson.Read(layout.Identity, ArchiveJson.Default.ArchiveIdentity);

    /// <exception cref="ResourceFailure">The archive belongs to another server.</exception>
    public void Expect(ArchiveConfig config)
    {
        if (InstanceId != config.InstanceId || SystemIdentifier != config.SystemIdentifier)
        {
            throw new ResourceFailure(
                FailureKind.Conflict,
                $"The archive \"{config.ArchiveDirectory}\" belongs to the instance \"{Name}\" ({InstanceId}, system identifier {SystemIdentifier}), not to \"{config.Name}\" ({config.InstanceId}, system identifier {config.SystemIdentifier}).",
                "Give each instance a backup directory of its own.");
        }
    }
}
