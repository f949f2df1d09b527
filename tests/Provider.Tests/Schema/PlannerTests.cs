using PgFleet.Schema;
using static PgFleet.Tests.Schema.Written;

namespace PgFleet.Tests.Schema;

/// <summary>At least one test for each rule of planning.</summary>
public sealed class PlannerTests
{
    private static readonly Map Named = Config.With(("name", "orders"));

    [Fact]
    public void A_new_resource_has_its_choices_and_outputs_to_come()
    {
        var plan = Plan(null, Named.With(("extensions", Object(("hstore", Object())))));

        Assert.Equal(
            Inputs(Named).With(
                ("port", Later),
                ("encoding", Later),
                ("backup", Object(("retention", "24h"), ("copies", Later))),
                ("extensions", Object(("hstore", Object(("version", Later))))),
                ("fingerprint", Later),
                ("status", Later),
                ("address", Later),
                ("connectionUri", Later),
                ("createdAt", Later),
                ("note", Later)),
            plan.Planned);
        Assert.False(plan.Empty || plan.Replaces || plan.DeleteFirst);
    }

    [Fact]
    public void Nothing_changed_plans_nothing()
    {
        var state = State(Named);

        var plan = Plan(state, Named);

        Assert.Empty(plan.Changes);
        Assert.Equal(state, plan.Planned);
    }

    [Fact]
    public void What_the_provider_chose_is_kept_when_omitted()
    {
        var plan = Plan(State(Named.With(("port", 6000))), Named.With(("share", 1)));

        Assert.Equal(["share"], plan.Changes.Select(change => change.Path));
        Assert.Equal(new NumberValue(6000), plan.Planned["port"]);
        Assert.Equal(new StringValue("postgresql://bob@127.0.0.1:5433"), plan.Planned["connectionUri"]);
    }

    [Theory]
    [InlineData("encoding", "UTF8", "utf-8")]
    [InlineData("port", 5433, "5433")]
    [InlineData("deletionProtection", true, "true")]
    public void The_same_in_other_words_is_no_change_and_keeps_the_recorded_words(string name, object recorded, object configured)
    {
        var plan = Plan(State(Named.With((name, recorded))), Named.With((name, configured)));

        Assert.Empty(plan.Changes);
        Assert.Equal(Of(recorded), plan.Planned[name]);
    }

    [Fact]
    public void A_map_keeps_the_recorded_words_whole_or_takes_the_configured_ones_whole()
    {
        var state = State(Named.With(("parameters", Object(("work_mem", "16MB"), ("jit", "on")))));
        var same = Object(("work_mem", "16384kB"), ("jit", "yes"));
        var different = Object(("work_mem", "16384kB"), ("jit", "off"));

        Assert.Equal(state["parameters"], Plan(state, Named.With(("parameters", same))).Planned["parameters"]);
        var plan = Plan(state, Named.With(("parameters", different)));
        Assert.Equal(different, plan.Planned["parameters"]);
        Assert.Equal([new("""parameters["jit"]""", new StringValue("on"), new StringValue("off"), Replaces: false)], plan.Changes);
    }

    [Fact]
    public void What_the_user_marks_secret_without_changing_it_is_planned_secret()
    {
        var config = Named.With(("share", 1), ("parameters", Object(("work_mem", "16MB"))));
        var marked = Named.With(("share", new NumberValue(1, Secret: true)), ("parameters", Object(("work_mem", new StringValue("16384kB", Secret: true)))));

        var plan = Plan(State(config), marked);

        Assert.Empty(plan.Changes);
        Assert.True(plan.Planned["share"]!.Secret);
        Assert.True(((Map)plan.Planned["parameters"]!)["work_mem"]!.Secret);
        Assert.Equal(config["parameters"], plan.Planned["parameters"]);
    }

    [Fact]
    public void Changes_have_precise_paths()
    {
        var state = State(Named.With(
            ("listenAddresses", new object[] { "::1", "127.0.0.1" }),
            ("parameters", Object(("my.setting", "1"), ("work_mem", "16MB"))),
            ("extensions", Object(("hstore", Object(("version", "1.8"), ("schema", "public")))))));

        var plan = Plan(state, Named.With(
            ("listenAddresses", new object[] { "::1", "10.0.0.1", "10.0.0.2" }),
            ("parameters", Object(("my.setting", "2"), ("jit", "off"))),
            ("backup", Object(("retention", "48h"))),
            ("extensions", Object(("hstore", Object()), ("citext", Object())))));

        Assert.Equal(
            [
                new("listenAddresses[1]", new StringValue("127.0.0.1"), new StringValue("10.0.0.1"), Replaces: false),
                new("listenAddresses[2]", null, new StringValue("10.0.0.2"), Replaces: false),
                new("""parameters["jit"]""", null, new StringValue("off"), Replaces: false),
                new("""parameters["my.setting"]""", new StringValue("1"), new StringValue("2"), Replaces: false),
                new("""parameters["work_mem"]""", new StringValue("16MB"), null, Replaces: false),
                new("backup.retention", new StringValue("24h"), new StringValue("48h"), Replaces: false),
                new("""extensions["citext"]""", null, Object(), Replaces: false),
                new("""extensions["hstore"].schema""", new StringValue("public"), null, Replaces: false),
            ],
            plan.Changes);
        Assert.Equal(
            Object(("hstore", Object(("version", "1.8"))), ("citext", Object(("version", Later)))),
            plan.Planned["extensions"]);
    }

    [Fact]
    public void An_optional_input_taken_out_is_a_change()
    {
        var plan = Plan(State(Named.With(("share", 0.5))), Named);

        Assert.Equal([new("share", new NumberValue(0.5), null, Replaces: false)], plan.Changes);
        Assert.Null(plan.Planned["share"]);
    }

    [Theory]
    [InlineData("template", "other")]
    [InlineData("template", null)]
    [InlineData("encoding", "LATIN1")]
    [InlineData("source", "b")]
    public void A_change_of_what_replaces_makes_everything_new(string name, string? configured)
    {
        var config = Named.With(("template", "one"), ("encoding", "UTF8"), ("source", "a"));

        var plan = Plan(State(config), config.With((name, configured)));

        Assert.True(plan.Replaces);
        Assert.Equal(new(name, config[name], configured is null ? null : new StringValue(configured), Replaces: true), Assert.Single(plan.Changes));
        Assert.Equal(Plan(null, config.With((name, configured))).Planned, plan.Planned);
    }

    [Fact]
    public void A_part_may_replace_the_whole()
    {
        var state = State(Named.With(("backup", Object(("directory", "/a"))), ("labels", Object(("tier", "gold")))));

        Assert.Equal(["backup.directory"], Replacing(Named.With(("backup", Object(("directory", "/b"))), ("labels", Object(("tier", "gold"))))));
        Assert.Equal(["""labels["tier"]"""], Replacing(Named.With(("backup", Object(("directory", "/a"))), ("labels", Object()))));

        IEnumerable<string> Replacing(Map config) => Plan(state, config).Changes.Where(change => change.Replaces).Select(change => change.Path);
    }

    [Fact]
    public void An_unknown_value_replaces_where_a_change_would()
    {
        var state = State(Named.With(("template", "one"), ("share", 1)));

        var replacement = Plan(state, Named.With(("template", Later), ("share", 1)));
        var update = Plan(state, Named.With(("template", "one"), ("share", Later)));

        Assert.True(replacement.Replaces);
        Assert.False(update.Replaces);
        Assert.Equal(new("share", new NumberValue(1), Later, Replaces: false), Assert.Single(update.Changes));
        Assert.Equal(Later, update.Planned["share"]);
    }

    [Fact]
    public void An_object_unknown_or_taken_out_replaces_where_it_held_what_is_fixed()
    {
        var elsewhere = State(Named.With(("backup", Object(("directory", "/a")))));

        Assert.True(Plan(elsewhere, Named.With(("backup", Later))).Replaces);
        Assert.False(Plan(State(Named), Named.With(("backup", Later))).Replaces);
        Assert.True(Planner.Plan(Sample.Shape, elsewhere, Inputs(Named).With(("backup", null)), []).Replaces);
        Assert.False(Planner.Plan(Sample.Shape, State(Named), Inputs(Named).With(("backup", null)), []).Replaces);
    }

    [Fact]
    public void An_unknown_origin_of_what_exists_replaces_nothing()
    {
        var config = Named.With(("source", "a"));

        var plan = Plan(State(config), config.With(("source", Later)));

        Assert.Equal([new("source", new StringValue("a"), Later, Replaces: false)], plan.Changes);
        Assert.Equal(Later, plan.Planned["source"]);
    }

    [Fact]
    public void An_unknown_part_is_a_change_of_that_part()
    {
        var state = State(Named.With(("parameters", Object(("jit", "on"), ("work_mem", "16MB")))));

        var plan = Plan(state, Named.With(("parameters", Object(("jit", Later), ("work_mem", "16MB")))));

        Assert.Equal([new("""parameters["jit"]""", new StringValue("on"), Later, Replaces: false)], plan.Changes);
        Assert.Equal(Object(("jit", Later), ("work_mem", "16MB")), plan.Planned["parameters"]);
    }

    [Fact]
    public void A_bad_status_is_a_change_in_place()
    {
        var plan = Plan(State(Named).With(("status", "stopped")), Named);

        Assert.Equal([new("status", new StringValue("stopped"), new StringValue("available"), Replaces: false)], plan.Changes);
        Assert.Equal(Later, plan.Planned["status"]);
    }

    [Fact]
    public void An_output_is_unknown_only_while_what_it_follows_changes()
    {
        var plan = Plan(State(Named), Named.With(("username", "alice")));

        Assert.Equal(Later, plan.Planned["connectionUri"]);
        Assert.Equal(new StringValue("127.0.0.1:5433"), plan.Planned["address"]);
        Assert.Equal(new StringValue("2026-01-31T12:00:00Z"), plan.Planned["createdAt"]);
    }

    [Fact]
    public void An_old_resource_goes_first_only_where_it_holds_what_the_user_asked_for()
    {
        var config = Named.With(("template", "one"), ("port", 6000));

        Assert.True(DeleteFirst(config, config.With(("template", "two"))));
        Assert.False(DeleteFirst(config, config.With(("template", "two"), ("name", "invoices"), ("port", null))));
        Assert.True(DeleteFirst(config, config.With(("template", "two"), ("name", "invoices"))));
        Assert.False(DeleteFirst(config, config.With(("template", "two"), ("name", "invoices"), ("listenAddresses", new object[] { "::1" }))));
        Assert.False(DeleteFirst(config, config.With(("template", "two"), ("name", "invoices"), ("port", Later))));
        Assert.False(DeleteFirst(config.With(("port", null)), config.With(("template", "two"), ("port", null)), "name"));

        // No change here replaces it, but the engine may: after an interrupted delete-first, or for replaceOnChanges.
        Assert.True(DeleteFirst(config, config.With(("share", 1))));
        Assert.True(DeleteFirst(config, config));
        Assert.False(DeleteFirst(config.With(("port", null)), config.With(("port", null)), "name"));

        static bool DeleteFirst(Map before, Map after, params string[] generated) => Plan(State(before), after, generated).DeleteFirst;
    }

    [Fact]
    public void What_was_derived_is_planned_and_is_a_change_by_itself()
    {
        var state = State(Named).With(("note", "n"));
        Assert.Equal(new StringValue("f1"), Planner.Plan(Sample.Shape, null, Computed("f1"), []).Planned["fingerprint"]);

        var plan = Planner.Plan(Sample.Shape, state, Computed("f1"), []);
        Assert.Equal("fingerprint", Assert.Single(plan.Changes).Path);
        Assert.False(plan.Replaces);
        Assert.Equal(new StringValue("f1"), plan.Planned["fingerprint"]);
        Assert.Equal(state["address"], plan.Planned["address"]);

        Assert.Empty(Planner.Plan(Sample.Shape, state, Computed("f0"), []).Changes);
        Assert.Empty(Planner.Plan(Sample.Shape, state, Inputs(Named), []).Changes);
        Assert.Equal(Later, Planner.Plan(Sample.Shape, state, Computed(Later).With(("source", Later)), []).Planned["fingerprint"]);
    }

    private static Map Computed(object fingerprint) => Inputs(Named).With(("fingerprint", fingerprint));

    [Fact]
    public void Names_that_engines_keep_for_themselves_are_no_part_of_a_plan()
    {
        var plan = Plan(State(Named).With(("__meta", "x")), Named.With(("__defaults", Array.Empty<object>())));

        Assert.Empty(plan.Changes);
        Assert.DoesNotContain(plan.Planned.Items.Keys, name => name.StartsWith('_'));
    }
}
