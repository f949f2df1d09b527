using System.Collections.Immutable;
using PgFleet.Failures;

namespace PgFleet.Schema;

/// <summary>A property, declared once on its record. Both protocols' schemas, Check, Plan, the defaults and the reference pages are derived from it.</summary>
internal sealed record Field
{
    /// <summary>The name on the wire, in camelCase. Empty for the element of a list or a map.</summary>
    public required string Name { get; init; }

    public required Kind Kind { get; init; }

    /// <summary>What the user is told to write: "a whole number".</summary>
    public required string Expected { get; init; }

    /// <summary>Converts a known value to the property's kind ("5432" to 5432); null when it does not fit. Does not descend into nested values.</summary>
    public required Func<Value, Value?> Fit { get; init; }

    /// <summary>Explains why a value does not fit; null where <see cref="Expected"/> says it all.</summary>
    public Func<Value, string>? Misfit { get; init; }

    /// <summary>Semantic equality of two values at any depth.</summary>
    public required Func<Value, Value, bool> Same { get; init; }

    public Message Description { get; init; } = "";

    public bool Input { get; init; }

    /// <summary>For an input: the user must set it. For an output: it is always present.</summary>
    public bool Required { get; init; }

    public bool Replaces { get; init; }

    /// <summary>The input is the id of the resource that contains this one; see <see cref="ContainerAttribute"/>.</summary>
    public bool Container { get; init; }

    /// <summary>An unknown value of this input is no change of an existing resource.</summary>
    public bool IgnoresUnknown { get; init; }

    /// <summary>True if the type is secret; every output that depends on the field is secret too.</summary>
    public bool Secret { get; init; }

    public bool OptionalComputed { get; init; }

    /// <summary>While it is true, the resource is neither destroyed nor replaced.</summary>
    public bool Protects { get; init; }

    /// <summary>An output's value that says that the resource exists in part.</summary>
    public Value? UnfinishedValue { get; init; }

    public bool AutoNamed { get; init; }

    public bool PartiallyManaged { get; init; }

    public string? ExclusiveGroup { get; init; }

    /// <summary>The value that Check fills in, at every depth.</summary>
    public Value? Default { get; init; }

    /// <summary>A state older than the input lacks it; there it has its default value, which is what earlier versions did.</summary>
    public bool AddedLater { get; init; }

    /// <summary>The output's only acceptable value; any other is a change.</summary>
    public Value? ExpectedValue { get; init; }

    /// <summary>The name of the output that this one contradicts while it is present.</summary>
    public string? InsteadOf { get; init; }

    /// <summary>An output that is computed at plan time, from the inputs it depends on and from files.</summary>
    public bool ComputedAtPlan { get; init; }

    /// <summary>The names of the inputs that an output depends on; an output that is not computed at plan time may also depend on one that is.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];

    /// <summary>A list's item, or a map's value.</summary>
    public Field? Element { get; init; }

    /// <summary>The properties of an object.</summary>
    public ImmutableArray<Field> Fields { get; init; } = [];

    /// <summary>The name of an object's record type.</summary>
    public string? TypeName { get; init; }

    /// <summary>Each returns what is wrong with a known, fitting value, or null. The text quotes the value unless it is secret.</summary>
    public ImmutableArray<Func<Value, string?>> Rules { get; init; } = [];

    /// <summary>The rules for a map's keys, each passed as a string value.</summary>
    public ImmutableArray<Func<Value, string?>> KeyRules { get; init; } = [];

    /// <summary>Always present in an up-to-date state.</summary>
    public bool AlwaysSet => Required || OptionalComputed || AutoNamed || Default is not null;

    /// <summary>True if a state without the input implies that value.</summary>
    public bool IsAssumed(Value value) => AddedLater && Default is { } usual && Same(usual, value);
}
