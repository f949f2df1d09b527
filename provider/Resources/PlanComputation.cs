using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Schema;

namespace PgFleet.Resources;

/// <param name="Values">By the output's name; for the planner, laid over the inputs. One that could not be derived is not among them.</param>
/// <param name="Problems">What is wrong with the files.</param>
internal sealed record PlanComputation(Map Values, ImmutableArray<Problem> Problems)
{
    public static PlanComputation None { get; } = new(Map.Empty, []);

    /// <summary>What a plan is made from.</summary>
    public static Map Over(Map inputs, Map values) => values.Items.Aggregate(inputs, (config, value) => config.With(value.Key, value.Value));
}
