using System.Collections.Immutable;
using PgFleet.Failures;

namespace PgFleet.Schema;

/// <summary>The result of checking a configuration.</summary>
/// <param name="Inputs">The user's inputs as written, with defaults and generated names added and secrets marked.</param>
/// <param name="Generated">The names of the inputs that were generated from the resource's own name.</param>
/// <param name="Problems">All problems, at every depth.</param>
internal sealed record Checked(Map Inputs, ImmutableArray<string> Generated, ImmutableArray<Problem> Problems);
