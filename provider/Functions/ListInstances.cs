using System.ComponentModel;

namespace PgFleet.Functions;

internal sealed record ListInstancesArgs;

internal sealed record ListInstancesResult
{
    [Description("Every server of the fleet, by name.")]
    public required IReadOnlyList<InstanceSummary> Instances { get; init; }

    [Description("Servers that were deleted, and whose archives are kept so that they can be restored; by name, and then the one that was deleted first.")]
    public required IReadOnlyList<DeletedSummary> Deleted { get; init; }

    [Description("What is kept of deleted servers and is not among them since its description does not read, a sentence each: it is never removed until that is mended.")]
    public required IReadOnlyList<string> Damaged { get; init; }
}
