using PgFleet.Engines;

namespace PgFleet.Resources;

/// <summary>What a protocol gives to an operation: when to stop, whom to tell, and what this run has planned.</summary>
/// <param name="Cancel">Cancel and the deadline in one.</param>
/// <param name="Progress">Told of each step.</param>
/// <param name="Foreseen">Whether this run has planned to create an instance of that name.</param>
internal sealed record Reporter(CancellationToken Cancel, IProgress<Step>? Progress = null, Func<string, bool>? Foreseen = null);
