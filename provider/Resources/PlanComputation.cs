using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>Values that are computed at plan time.</summary>
/// <param name="Values">The values by the output's name; the planner merges them into the inputs. A value that could not be computed is missing.</param>
/// <param name="Problems">Problems with the files.</param>
internal sealed record PlanComputation(Map Values, ImmutableArray<Problem> Problems)
{
    public static PlanComputation None { get; } = new(Map.Empty, []);

    /// <summary>The inputs with the computed values, as the planner expects them.</summary>
    public static Map Over(Map inputs, Map values) => values.Items.Aggregate(inputs, (config, value) => config.With(value.Key, value.Value));
}
