using PgFleet.Schema;
using static PgFleet.Tests.Schema.Written;

namespace PgFleet.Tests.Schema;

public sealed class PlannerReadTests
{
    private static readonly Map Named = Config.With(("name", "orders"), ("template", "one"), ("parameters", Object(("jit", "on"), ("work_mem", "16MB"))));

    [Fact]
    public void A_refresh_keeps_the_recorded_words_and_takes_what_drifted()
    {
        var prior = State(Named.With(("encoding", "utf-8")));

        var state = Planner.Refresh(
            Sample.Shape,
            prior.With(("encoding", "UTF8"), ("parameters", Object(("jit", "off"), ("shared_buffers", "1GB"), ("work_mem", "16384kB"))), ("status", "stopped")),
            prior);

        Assert.Equal(
            prior.With(("parameters", Object(("jit", "off"), ("work_mem", "16MB"))), ("status", "stopped")),
            state);
    }

    [Fact]
    public void A_refresh_sees_that_a_managed_parameter_was_reset()
    {
        var prior = State(Named);

        var state = Planner.Refresh(Sample.Shape, prior.With(("parameters", Object(("shared_buffers", "1GB"), ("jit", "on")))), prior);

        Assert.Equal(Object(("jit", "on")), state["parameters"]);
        Assert.Null(Planner.Refresh(Sample.Shape, prior, prior.With(("parameters", null)))["parameters"]);
    }

    [Fact]
    public void A_refresh_carries_over_what_the_world_does_not_show()
    {
        var prior = State(Named.With(("share", 1), ("backup", Object(("directory", "/a")))));

        var state = Planner.Refresh(
            Sample.Shape,
            prior.With(("password", null), ("encoding", null), ("template", null), ("share", null), ("backup", Object(("retention", "24h")))),
            prior);

        Assert.Equal(prior["password"], state["password"]);
        Assert.True(state["password"]!.Secret);
        Assert.Equal(prior["encoding"], state["encoding"]);
        Assert.Null(state["share"]);
        // An optional value that is absent was left out, or is gone.
        Assert.Null(state["template"]);
        Assert.Equal(Object(("retention", "24h")), state["backup"]);
    }

    [Fact]
    public void Inputs_after_a_refresh_are_the_recorded_ones_with_what_drifted()
    {
        var inputs = Inputs(Named).With(("__generated", new object[] { "name" }), ("share", 1));
        var state = State(Named).With(("parameters", Object(("jit", "off"), ("work_mem", "16384kB"))), ("username", "alice"), ("password", null), ("encoding", null));

        Assert.Equal(
            inputs.With(("parameters", Object(("jit", "off"), ("work_mem", "16MB"))), ("username", "alice"), ("share", null)),
            Planner.InputsOf(Sample.Shape, state, inputs));
    }

    [Fact]
    public void Inputs_of_an_import_declare_the_resource_and_hold_no_secret()
    {
        var state = Planner.Refresh(Sample.Shape, State(Named.With(("backup", Object(("retention", "1440m"))), ("extensions", Object(("hstore", Object(("version", "1.8"))))))), null);

        Assert.Equal(
            Object(
                ("name", "orders"),
                ("username", "bob"),
                ("template", "one"),
                ("port", 5433),
                ("encoding", "UTF8"),
                ("parameters", Object(("jit", "on"), ("work_mem", "16MB"))),
                ("backup", Object(("copies", 2))),
                ("extensions", Object(("hstore", Object(("version", "1.8")))))),
            Planner.InputsOf(Sample.Shape, state, null));
    }

    [Fact]
    public void An_import_followed_by_its_own_inputs_plans_the_password_only()
    {
        var state = Planner.Refresh(Sample.Shape, State(Named).With(("password", null)), null);
        var inputs = Inputs(Planner.InputsOf(Sample.Shape, state, null).With(("password", "s3cret-word")));

        Assert.Equal(["password"], Planner.Plan(Sample.Shape, state, inputs, []).Changes.Select(change => change.Path));
    }

    [Fact]
    public void Marks_what_is_declared_secret_what_the_user_marked_and_what_follows()
    {
        var state = Unmarked(State(Named.With(("port", 6000))));
        var inputs = Named.With(("port", new NumberValue(6000, Secret: true)), ("parameters", Object(("jit", "on"), ("work_mem", new StringValue("16MB", Secret: true)))));

        var marked = Planner.MarkSecrets(Sample.Shape, state, inputs);

        Assert.Equal(["address", "connectionUri", "password", "port"], marked.Items.Where(item => item.Value.Secret).Select(item => item.Key));
        Assert.Equal(["work_mem"], ((Map)marked["parameters"]!).Items.Where(item => item.Value.Secret).Select(item => item.Key));
    }

    [Fact]
    public void Marks_the_whole_where_a_secret_part_has_moved()
    {
        var inputs = Named.With(("listenAddresses", new object[] { new StringValue("::1", Secret: true) }));

        var marked = Planner.MarkSecrets(Sample.Shape, State(Named).With(("listenAddresses", new object[] { "127.0.0.1", "::1" })), inputs);

        Assert.True(marked["listenAddresses"]!.Secret);
    }

    private static Map Unmarked(Map map) => Map.Of(map.Items.Select(item => KeyValuePair.Create(item.Key, item.Value with { Secret = false })));
}
