using System.Text.Json;
using PgFleet.Failures;

namespace PgFleet.Archives;

/// <summary>identity.json: the server that the archive belongs to.</summary>
internal sealed record ArchiveIdentity(string InstanceId, string Name, string SystemIdentifier) : IFormatted
{
    public int Format { get; init; } = 1;

    /// <exception cref="ResourceFailure">The file is damaged or missing: the folder is not an archive, or its disk is not mounted.</exception>
    public static ArchiveIdentity Read(ArchiveLayout layout, ArchiveConfig config)
    {
        try
        {
            return ArchiveJson.Read(layout.Identity, ArchiveJson.Default.ArchiveIdentity);
        }
        catch (ResourceFailure damaged) when (damaged.InnerException is JsonException)
        {
            var right = new ArchiveIdentity(config.InstanceId, config.Name, config.SystemIdentifier);
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The archive \"{config.ArchiveDirectory}\" does not say whose it is: \"{layout.Identity}\" does not read.",
                $"If it is the archive of \"{config.Name}\", write this into that file: {JsonSerializer.Serialize(right, ArchiveJson.OneLine.ArchiveIdentity)}",
                damaged);
        }
    }

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
