using System.Collections.Immutable;
using Google.Protobuf.WellKnownTypes;
using PgFleet.Schema;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Checked inputs as they travel: the user's own, and under an internal key the names of those that Check made up.</summary>
/// <param name="Values">Without internal keys.</param>
/// <param name="Generated">Names of properties whose value Check made of the resource's name.</param>
internal sealed record PulumiInputs(Map Values, ImmutableArray<string> Generated)
{
    // Keys that start with two underscores are internal: the engine hides them from diffs.
    private const string InternalPrefix = "__";
    private const string GeneratedKey = "__generated";

    public static PulumiInputs Decode(Struct? properties)
    {
        var all = PulumiValues.Decode(properties);
        var generated = all[GeneratedKey] is List names ? names.Items.OfType<Text>().Select(name => name.Content) : [];
        return new(
            Map.Of(all.Items.Where(item => !item.Key.StartsWith(InternalPrefix, StringComparison.Ordinal))),
            [.. generated]);
    }

    public Struct Encode() => PulumiValues.Encode(
        Generated.IsEmpty ? Values : Values.With(GeneratedKey, new List([.. Generated.Select(name => new Text(name))])));
}
