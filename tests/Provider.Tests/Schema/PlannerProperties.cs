using System.Collections.Immutable;
using CsCheck;
using PgFleet.Schema;

namespace PgFleet.Tests.Schema;

/// <summary>Properties of every configuration and state: Terraform's rules of planning, and idempotence of Check.</summary>
public sealed class PlannerProperties
{
    /// <summary>Every kind of field, and lists of records, which no resource has yet.</summary>
    private static readonly ImmutableArray<ResourceSchema> Shapes =
    [
        Sample.Shape,
        ResourceSchema.OfConfiguration(SampleContext.Default.SampleAnswer),
    ];

    private static readonly Gen<ResourceSchema> AnyShape = Gen.OneOf(Shapes.ToArray());

    private static readonly Gen<(ResourceSchema Shape, Map First, Map Second, int Seed)> Lives =
        AnyShape.SelectMany(shape => Gen.Select(Arbitrary.Config(shape, unknowns: false), Arbitrary.Config(shape, unknowns: true), Gen.Int)
            .Select(parts => (shape, Inputs(shape, parts.Item1), Inputs(shape, parts.Item2), parts.Item3)));

    [Fact]
    public void No_value_makes_anything_throw() =>
        Gen.Select(AnyShape, Arbitrary.Anything, Arbitrary.Anything, Arbitrary.Anything).Sample((shape, one, two, three) =>
        {
            var check = Checker.Check(shape, one, two, ["name", "port"], _ => null);
            foreach (var prior in new[] { null, two, check.Inputs })
            {
                Planner.Plan(shape, prior, one, ["name"]);
                Planner.Plan(shape, prior, check.Inputs, []);
                Planner.Refresh(shape, three, prior);
                Planner.InputsOf(shape, three, prior);
            }

            Planner.MarkSecrets(shape, three, one);
            JsonText.Expand(shape, one);
        });

    [Fact]
    public void Check_is_idempotent_and_never_changes_what_the_user_wrote() =>
        Gen.Select(AnyShape, Arbitrary.Anything).Sample((shape, config) =>
        {
            var once = Checker.Check(shape, config, null, [], _ => "app_1234567");
            var twice = Checker.Check(shape, once.Inputs, once.Inputs, once.Generated, _ => "app_7654321");

            Assert.True(Extends(config, once.Inputs));
            Assert.Equal(once.Inputs, twice.Inputs);
            Assert.Equal(once.Problems.AsEnumerable(), twice.Problems);
        });

    [Fact]
    public void A_second_plan_is_empty_after_apply() =>
        Lives.Sample((shape, first, second, seed) =>
        {
            var state = Applied(shape, null, first, seed);
            Assert.Empty(Planner.Plan(shape, state, first, []).Changes);

            var resolved = Resolved(shape, state, second, seed);
            state = Applied(shape, state, resolved, second, seed);
            Assert.Empty(Planner.Plan(shape, state, resolved, []).Changes);
        });

    [Fact]
    public void Every_planned_input_is_the_configured_or_the_prior_one_and_unknown_only_where_chosen() =>
        Lives.Sample((shape, first, second, seed) =>
        {
            var prior = Applied(shape, null, first, seed);
            var planned = Planner.Plan(shape, prior, second, []).Planned;

            Assert.All(shape.Inputs, field => Assert.True(IsAccountedFor(field, planned[field.Name], prior[field.Name], second[field.Name]), field.Name));
        });

    [Fact]
    public void The_plan_with_everything_known_refines_the_plan_before() =>
        Lives.Sample((shape, first, second, seed) =>
        {
            var prior = Applied(shape, null, first, seed);

            var before = Planner.Plan(shape, prior, second, []);
            var after = Planner.Plan(shape, prior, Resolved(shape, prior, second, seed), []);

            Assert.All(shape.Fields, field => Assert.True(Refines(field, before.Planned[field.Name], after.Planned[field.Name]), field.Name));
            Assert.True(before.Replaces || !after.Replaces);
        });

    [Fact]
    public void A_refresh_that_finds_nothing_new_changes_nothing() =>
        Lives.Sample((shape, first, _, seed) =>
        {
            var state = Applied(shape, null, first, seed);

            Assert.Equal(state, Planner.Refresh(shape, state, state));
            Assert.Equal(state, Planner.MarkSecrets(shape, state, first));
            Assert.Equal(first, Planner.InputsOf(shape, state, first));
            var imported = Inputs(shape, Planner.InputsOf(shape, state, null));
            Assert.All(Planner.Plan(shape, state, imported, []).Changes, change => Assert.True(change.Old!.Secret));
        });

    [Fact]
    public void A_state_survives_its_records() =>
        Arbitrary.Config(Sample.Shape, unknowns: false).Sample(config =>
        {
            var inputs = Inputs(Sample.Shape, config);

            var again = Records.Write(Records.Read(inputs, SampleContext.Default.SampleArgs), SampleContext.Default.SampleArgs);

            Assert.Empty(Planner.Plan(Sample.Shape, inputs, again, []).Changes);
        });

    private static Map Inputs(ResourceSchema shape, Map config) => Checker.Check(shape, config, null, [], _ => "app_1234567").Inputs;

    private static Map Applied(ResourceSchema shape, Map? prior, Map config, int seed) => Applied(shape, prior, config, config, seed);

    /// <summary>The state after the apply of a plan that was made while parts were unknown.</summary>
    private static Map Applied(ResourceSchema shape, Map? prior, Map resolved, Map config, int seed)
    {
        var planned = Planner.Plan(shape, prior, config, []).Planned;
        var known = Planner.Plan(shape, null, resolved, []).Planned;
        return shape.Fields.Where(field => planned[field.Name] is not null)
            .Aggregate(Map.Empty, (state, field) => state.With(field.Name, Final(field, planned[field.Name]!, known[field.Name], seed)));
    }

    private static Value Final(Field field, Value planned, Value? known, int seed) => (field.Kind, planned, known) switch
    {
        _ when field.ExpectedValue is not null => field.ExpectedValue,
        (_, Unknown, { }) => Arbitrary.Fill(field, known, seed),
        (Kind.Object, Map map, Map other) => field.Fields.Aggregate(map, (state, inner) =>
            map[inner.Name] is { } part ? state.With(inner.Name, Final(inner, part, other[inner.Name], seed)) : state),
        (Kind.Map, Map map, Map other) => map.Items.Aggregate(map, (state, entry) => state.With(entry.Key, Final(field.Element!, entry.Value, other[entry.Key], seed))),
        (Kind.List, List list, List other) => list with { Items = [.. list.Items.Zip(other.Items, (part, whole) => Final(field.Element!, part, whole, seed))] },
        _ => Arbitrary.Fill(field, planned, seed),
    };

    /// <summary>The configuration with its unknown values resolved. An existing resource's origin resolves to the recorded one.</summary>
    private static Map Resolved(ResourceSchema shape, Map prior, Map config, int seed) =>
        Inputs(shape, shape.Inputs.Where(field => config[field.Name] is not null).Aggregate(config, (map, field) =>
            map.With(field.Name, field.IgnoresUnknown && config[field.Name] is Unknown && prior[field.Name] is { } origin
                ? origin
                : Arbitrary.Fill(field, config[field.Name]!, seed))));

    private static bool Extends(Value written, Value completed) => (!written.Secret || completed.Secret) && (written, completed) switch
    {
        (Map map, Map whole) => map.Items.All(entry => whole[entry.Key] is { } value && Extends(entry.Value, value)),
        (List list, List whole) => list.Items.Length == whole.Items.Length && list.Items.Zip(whole.Items).All(pair => Extends(pair.First, pair.Second)),
        _ => written.Equals(completed),
    };

    private static bool IsAccountedFor(Field field, Value? planned, Value? prior, Value? config) => (field.Kind, planned, config) switch
    {
        (_, null, null) => true,
        (_, null, _) => false,
        (_, Unknown, null) => field.OptionalComputed,
        (_, _, null) => field.OptionalComputed && planned.Equals(prior),
        (Kind.Object, Map whole, Map given) => field.Fields.All(inner =>
            IsAccountedFor(inner, whole[inner.Name], (prior as Map)?[inner.Name], given[inner.Name])),
        (Kind.Map, Map whole, Map given) when field.Element!.Kind == Kind.Object => whole.Items.Keys.SequenceEqual(given.Items.Keys) && whole.Items.All(entry =>
            IsAccountedFor(field.Element, entry.Value, (prior as Map)?[entry.Key], given[entry.Key])),
        (Kind.List, List whole, List given) when field.Element!.Kind == Kind.Object => whole.Items.Length == given.Items.Length && Enumerable.Range(0, whole.Items.Length).All(i =>
            IsAccountedFor(field.Element, whole.Items[i], (prior as List)?.Items.ElementAtOrDefault(i), given.Items[i])),
        _ => planned.Equals(config) || planned.Equals(prior),
    };

    private static bool Refines(Field field, Value? before, Value? after) => (field.Kind, before, after) switch
    {
        (_, null, null) or (_, Unknown, _) => true,
        (_, null, _) or (_, _, null) => false,
        (Kind.Object, Map map, Map other) => field.Fields.All(inner => Refines(inner, map[inner.Name], other[inner.Name])),
        (Kind.Map, Map map, Map other) => map.Items.Count == other.Items.Count && map.Items.All(entry => Refines(field.Element!, entry.Value, other[entry.Key])),
        (Kind.List, List list, List other) => list.Items.Length == other.Items.Length && list.Items.Zip(other.Items).All(pair => Refines(field.Element!, pair.First, pair.Second)),
        _ => field.Same(before, after),
    };
}
