using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Schema;

namespace PgFleet.Tests.Schema;

/// <summary>Shorthand for values in tests.</summary>
internal static class Written
{
    public static Unknown Later { get; } = new();

    public static Map Config { get; } = Object(("username", "bob"), ("password", new StringValue("s3cret-word", Secret: true)));

    public static Value Of(object value) => value switch
    {
        Value already => already,
        string text => new StringValue(text),
        bool flag => new BoolValue(flag),
        object[] items => new List([.. items.Select(Of)]),
        IConvertible number => new NumberValue(number.ToDouble(null)),
        _ => throw new ArgumentException(value.ToString()),
    };

    public static Map Object(params (string Name, object Value)[] properties) =>
        Map.Of(properties.Select(property => KeyValuePair.Create(property.Name, Of(property.Value))));

    public static Map With(this Map map, params (string Name, object? Value)[] properties) =>
        properties.Aggregate(map, (changed, property) => changed.With(property.Name, property.Value is null ? null : Of(property.Value)));

    public static Checked Check(Map config) => Checker.Check(Sample.Shape, config, null, [], _ => "app_1234567");

    /// <summary>Checks a configuration and requires that there are no problems.</summary>
    public static Map Inputs(Map config)
    {
        var result = Check(config);
        Assert.Empty(result.Problems);
        return result.Inputs;
    }

    /// <summary>The problems of the sample's minimal configuration with these properties, one a line.</summary>
    public static string Problems(params (string Name, object? Value)[] properties) =>
        string.Join('\n', Check(Config.With(properties)).Problems.Select(Line));

    /// <summary>The state of a resource created from the configuration.</summary>
    public static Map State(Map config, ImmutableArray<string> generated = default)
    {
        var plan = Planner.Plan(Sample.Shape, null, Inputs(config), generated.IsDefault ? [] : generated);
        return plan.Planned.With(
            ("port", plan.Planned["port"] is Unknown ? 5433 : plan.Planned["port"]),
            ("encoding", plan.Planned["encoding"] is Unknown ? "UTF8" : plan.Planned["encoding"]),
            ("backup", ((Map)plan.Planned["backup"]!).With(("copies", 2))),
            ("fingerprint", "f0"),
            ("status", "available"),
            ("address", "127.0.0.1:5433"),
            ("connectionUri", "postgresql://bob@127.0.0.1:5433"),
            ("createdAt", "2026-01-31T12:00:00Z"),
            ("note", null));
    }

    public static Plan Plan(Map? prior, Map config, params string[] generated) =>
        Planner.Plan(Sample.Shape, prior, Inputs(config), [.. generated]);

    private static string Line(Problem problem) => $"{problem.Path}: {problem.Reason}";
}
