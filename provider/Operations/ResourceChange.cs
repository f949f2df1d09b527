using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>The result of <see cref="ResourcePlanner.PlanAsync"/>.</summary>
/// <param name="Check">The checked inputs.</param>
/// <param name="Computation">The computed values; none if the inputs were refused.</param>
/// <param name="Plan">The plan; null if the inputs were refused.</param>
/// <param name="Findings">Refusals, warnings and losses.</param>
internal sealed record ResourceChange(Checked Check, PlanComputation Computation, Plan? Plan, Findings Findings);
