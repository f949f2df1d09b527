using PgFleet.Schema;
using static PgFleet.Tests.Schema.Written;

namespace PgFleet.Tests.Schema;

/// <summary>How a plan treats a property that the state lacks.</summary>
public sealed class PlannerStateTests
{
    private static readonly Map Named = Config.With(("name", "orders"));

    [Fact]
    public void A_state_that_lacks_names_neither_fails_nor_replaces()
    {
        var config = Named.With(("encoding", "UTF8"));

        var plan = Plan(Map.Empty.With(("name", "orders"), ("backup", Object(("retention", "24h")))), config);

        Assert.False(plan.Replaces);
        Assert.Equal(["username", "password", "listenAddresses", "deletionProtection", "onDelete", "tags"], plan.Changes.Select(change => change.Path));
        Assert.Equal(Later, plan.Planned["port"]);
        Assert.Equal(Later, plan.Planned["status"]);
    }

    /// <summary>For an optional property, absence in the state means that it was left out.</summary>
    [Theory]
    [InlineData("backup.directory")]
    [InlineData("template")]
    public void What_replaces_and_was_left_out_replaces_when_it_is_given(string path)
    {
        var config = path == "template" ? Named.With(("template", "one")) : Named.With(("backup", Object(("directory", "/a"))));

        var plan = Plan(State(Named), config);

        Assert.Equal([path], plan.Changes.Where(change => change.Replaces).Select(change => change.Path));
        Assert.False(Plan(State(config), config).Replaces);
    }

    [Fact]
    public void An_imported_password_is_set_in_place_and_the_rest_is_as_it_was()
    {
        var plan = Plan(State(Named).With(("password", null)), Named);

        var change = Assert.Single(plan.Changes);
        Assert.Equal("password", change.Path);
        Assert.True(change.New!.Secret);
        Assert.False(plan.Replaces);
    }
}
