using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Operations;

/// <summary>What <see cref="ResourcePlanner.PlanAsync"/> found out.</summary>
/// <param name="Computation">The values that planning computed; none where the inputs were refused before.</param>
/// <param name="Plan">Null where the inputs were refused before.</param>
internal sealed record ResourceChange(Checked Check, PlanComputation Computation, Plan? Plan, Findings Findings);
