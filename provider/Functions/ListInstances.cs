using System.ComponentModel;

namespace PgFleet.Functions;

internal sealed record ListInstancesArgs;

internal sealed record ListInstancesResult
{
    [Description("Every server of the fleet, by name.")]
    public required IReadOnlyList<InstanceSummary> Instances { get; init; }
}
