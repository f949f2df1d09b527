using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;

namespace PgFleet.Tests.Resources;

/// <summary>How a plan treats a state's identity, or its absence.</summary>
public sealed class IdentityPlanTests
{
    private static readonly ProviderDefinition Fleet = Program.Compose(FleetConfig.At("/nowhere"));

    public static TheoryData<string> Kinds => [.. Fleet.Resources.Select(resource => resource.Name)];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_state_of_an_earlier_version_has_none_and_plans_nothing_for_it(string kind)
    {
        var shape = ShapeOf(kind);
        Assert.False(shape["identity"]!.Required);
        Assert.Empty(Planner.Plan(shape, Map.Empty, Map.Empty, []).Changes);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Another_thing_of_that_name_plans_an_update_in_place_that_settles_it(string kind)
    {
        var shape = ShapeOf(kind);
        var state = Map.Empty.With("identity", new StringValue("old")).With("foundIdentity", new StringValue("new"));

        var plan = Planner.Plan(shape, state, Map.Empty, []);

        var change = Assert.Single(plan.Changes);
        Assert.Equal<(string, Value?, Value?)>(("identity", new StringValue("old"), new StringValue("new")), (change.Path, change.Old, change.New));
        Assert.False(plan.Replaces);
        Assert.IsType<Unknown>(plan.Planned["identity"]);
        Assert.Null(plan.Planned["foundIdentity"]);
    }

    [Fact]
    public void A_look_tells_of_another_identity_and_gives_none_to_a_state_without()
    {
        var observed = Map.Empty.With("identity", new StringValue("new"));
        var recorded = Map.Empty.With("identity", new StringValue("old"));

        Assert.Equal(observed, Identities.Seen(observed, null));
        Assert.Equal(Map.Empty, Identities.Seen(observed, Map.Empty));
        Assert.Equal(recorded, Identities.Seen(recorded, recorded));
        Assert.Equal(recorded.With("foundIdentity", new StringValue("new")), Identities.Seen(observed, recorded));
    }

    private static ResourceSchema ShapeOf(string kind) => Fleet.Resources.Single(resource => resource.Name == kind).Shape;
}
