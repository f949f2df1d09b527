using System.Collections.Immutable;
using CsCheck;
using PgFleet.Schema;

namespace PgFleet.Tests.Schema;

/// <summary>Generates values of every sort: those that fit a schema, in several spellings, and those that do not.</summary>
internal static class Arbitrary
{
    private static readonly ImmutableArray<Value> Simple =
    [
        .. new[]
        {
            "abc", "orders_1", "s3cret-word", "s3cret-word-2", "7", "007", "5432", "true", "false", "24h", "1440m", "90m", "UTF8", "utf-8", "LATIN1", "16MB", "16384kB",
            "on", "yes", "off", "refuse", "force", "2026-01-31T12:00:00Z", "2026-01-31T13:00:00+01:00", "", "a\nb", "a.b[0]\"", "é", "0.5", "1e3", "{}", "[1]",
        }.Select(text => new StringValue(text)),
        .. new[] { 0, 7, 5432, 0.5, -1, 1e300, double.NaN, double.NegativeInfinity, 9007199254740993 }.Select(amount => new NumberValue(amount)),
        new BoolValue(true),
        new BoolValue(false),
    ];

    private static readonly ImmutableArray<string> Keys =
        [.. Sample.Shape.Fields.Select(field => field.Name), "retention", "copies", "version", "schema", "found", "work_mem", "a.b", "Nme", "__defaults", "", "x\"y"];

    /// <summary>Any value, up to four levels deep.</summary>
    public static Gen<Map> Anything { get; } = Maps(Gen.OneOf(Keys.ToArray()), Deep(3));

    /// <summary>A valid configuration; some values are unknown, some secret, some absent.</summary>
    public static Gen<Map> Config(ResourceSchema shape, bool unknowns) => Properties(shape.Inputs, unknowns);

    /// <summary>Replaces unknown values, as an operation does, by arbitrary fitting ones; deterministic for a seed.</summary>
    public static Value Fill(Field field, Value value, int seed) => (field.Kind, value) switch
    {
        (_, Unknown) => Some(field, seed) with { Secret = value.Secret },
        (Kind.Object, Map map) => field.Fields.Aggregate(map, (filled, inner) => map[inner.Name] is { } part ? filled.With(inner.Name, Fill(inner, part, seed + 1)) : filled),
        (Kind.Map, Map map) => map.Items.Aggregate(map, (filled, entry) => filled.With(entry.Key, Fill(field.Element!, entry.Value, seed + 1))),
        (Kind.List, List list) => list with { Items = [.. list.Items.Select((item, i) => Fill(field.Element!, item, seed + i))] },
        _ => value,
    };

    private static Gen<Map> Properties(ImmutableArray<Field> fields, bool unknowns) =>
        fields.Aggregate(Gen.Const(Map.Empty), (maps, field) => maps.SelectMany(map => Property(field, unknowns).Select(value => map.With(field.Name, value))));

    private static Gen<Value?> Property(Field field, bool unknowns) => Gen.Frequency(
        (field.Required ? 0 : 2, Gen.Const((Value?)null)),
        (unknowns ? 1 : 0, Gen.Const((Value?)new Unknown())),
        (6, Gen.Select(Fitting(field, unknowns), Gen.Int[0, 9], (value, n) => (Value?)(value with { Secret = n == 0 }))));

    private static Gen<Value> Fitting(Field field, bool unknowns) => field.Kind switch
    {
        Kind.Object => Properties(field.Fields, unknowns).Select(map => (Value)map),
        Kind.Map => Maps(Gen.OneOf(Keys.Where(key => Obeys(field.KeyRules, new StringValue(key))).ToArray()), Part(field.Element!, unknowns)).Select(map => (Value)map),
        Kind.List => Part(field.Element!, unknowns).List[0, 3].Select(items => (Value)new List([.. items])),
        _ => Gen.OneOf(Spellings(field).ToArray()),
    };

    private static Gen<Value> Part(Field element, bool unknowns) =>
        unknowns ? Gen.Frequency((1, Gen.Const<Value>(new Unknown())), (6, Fitting(element, unknowns))) : Fitting(element, unknowns);

    private static Gen<Value> Deep(int depth) => depth == 0
        ? Gen.OneOf([.. Simple, new StringValue("\ud800"), new Unknown(Secret: true)])
        : Gen.Frequency(
            (4, Gen.OneOf(Simple.ToArray())),
            (1, Gen.Const<Value>(new Unknown())),
            (1, Deep(depth - 1).List[0, 3].Select(items => (Value)new List([.. items], Secret: items.Count == 1))),
            (3, Maps(Gen.OneOf(Keys.ToArray()), Deep(depth - 1)).Select(map => (Value)map)));

    private static Gen<Map> Maps(Gen<string> keys, Gen<Value> values) =>
        Gen.Select(keys, values).List[0, 6].Select(entries => Map.Of(entries.DistinctBy(entry => entry.Item1).Select(entry => KeyValuePair.Create(entry.Item1, entry.Item2))));

    private static Value Some(Field field, int seed) => field.Kind switch
    {
        Kind.Object => Map.Of(field.Fields.Select(inner => KeyValuePair.Create(inner.Name, Some(inner, seed + 1)))),
        Kind.Map => Map.Of([KeyValuePair.Create("work_mem", Some(field.Element!, seed + 1))]),
        Kind.List => new List([Some(field.Element!, seed + 1)]),
        _ => Spellings(field).ToImmutableArray() is var fitting ? fitting[(int)((uint)seed % fitting.Length)] : throw new InvalidOperationException(),
    };

    private static IEnumerable<Value> Spellings(Field field) =>
        Simple.Where(value => field.Fit(value) is { } fitting && Obeys(field.Rules, fitting));

    private static bool Obeys(ImmutableArray<Func<Value, string?>> rules, Value value) => rules.All(rule => rule(value) is null);
}
