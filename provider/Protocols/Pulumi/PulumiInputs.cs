using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using PgFleet.Resources;
using PgFleet.Schema;
using StringValue = PgFleet.Schema.StringValue;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Checked inputs on the wire: the user's own and, under internal keys, the names that Check generated and the values that it computed.</summary>
/// <param name="Values">The inputs without internal keys.</param>
/// <param name="Generated">The names of properties whose value Check generated from the resource's name.</param>
internal sealed record PulumiInputs(Map Values, ImmutableArray<string> Generated)
{
    // Keys with two leading underscores are internal: the engine hides them from diffs.
    private const string InternalPrefix = "__";
    private const string GeneratedKey = "__generated";
    private const string ComputedKey = "__derived";

    /// <summary>The values that Check computed, by the output's name.</summary>
    public Map Computed { get; init; } = Map.Empty;

    /// <summary>The inputs with the computed values, as the planner expects them.</summary>
    public Map Config => PlanComputation.Over(Values, Computed);

    public static PulumiInputs Decode(Struct? properties)
    {
        var all = PulumiValues.Decode(properties);
        var generated = all[GeneratedKey] is List names ? names.Items.OfType<StringValue>().Select(name => name.Value) : [];
        return new(
            Map.Of(all.Items.Where(item => !item.Key.StartsWith(InternalPrefix, StringComparison.Ordinal))),
            [.. generated])
        {
            Computed = all[ComputedKey] as Map ?? Map.Empty,
        };
    }

    public Struct Encode() => PulumiValues.Encode(Values
        .With(GeneratedKey, Generated.IsEmpty ? null : new List([.. Generated.Select(name => new Schema.StringValue(name))]))
        .With(ComputedKey, Computed.Items.IsEmpty ? null : Computed));
}
