using System.Collections.Immutable;
using PgFleet.Failures;

namespace PgFleet.Schema;

/// <param name="Inputs">What the user wrote, as written, with every default and generated name filled in and every secret marked.</param>
/// <param name="Generated">Names of the inputs that were made of the resource's own name.</param>
/// <param name="Problems">Everything that is wrong, at every depth.</param>
internal sealed record Checked(Map Inputs, ImmutableArray<string> Generated, ImmutableArray<Problem> Problems);
