using System.Collections.Immutable;

namespace PgFleet.Schema;

/// <summary>One property, declared once on its record. Both protocols' schemas, Check, Plan, the defaults and the reference pages come from it.</summary>
internal sealed record Field
{
    /// <summary>The name on the wire, in camelCase. Empty for the element of a list or a map.</summary>
    public required string Name { get; init; }

    public required Kind Kind { get; init; }

    /// <summary>What a user is told to write: "a whole number".</summary>
    public required string Expected { get; init; }

    /// <summary>A known value in the form of its kind ("5432" as 5432); null when it does not fit. Looks no deeper than the value itself.</summary>
    public required Func<Value, Value?> Fit { get; init; }

    /// <summary>What is wrong with a value that does not fit; null where there is nothing more to say than what is expected.</summary>
    public Func<Value, string>? Misfit { get; init; }

    /// <summary>Equality by meaning, of two values at any depth.</summary>
    public required Func<Value, Value, bool> Same { get; init; }

    public string Description { get; init; } = "";

    public bool Input { get; init; }

    /// <summary>Of an input: the user sets it. Of an output: it is always there.</summary>
    public bool Required { get; init; }

    public bool Replaces { get; init; }

    /// <summary>It names what the resource is in, and is gone with.</summary>
    public bool Container { get; init; }

    /// <summary>An unknown value of an existing resource's input is no change.</summary>
    public bool IgnoresUnknown { get; init; }

    /// <summary>By its type: shown to nobody, and so is whatever follows from it.</summary>
    public bool Secret { get; init; }

    public bool Chosen { get; init; }

    /// <summary>While it is true, the resource is neither destroyed nor replaced.</summary>
    public bool Protects { get; init; }

    /// <summary>An output's value that says that the resource exists in part.</summary>
    public Value? UnfinishedValue { get; init; }

    public bool AutoNamed { get; init; }

    public bool Sparse { get; init; }

    public string? ExclusiveGroup { get; init; }

    /// <summary>Check fills it in, at every depth.</summary>
    public Value? Default { get; init; }

    /// <summary>A state that is older than the input lacks it, and means its default: what was done before there was a choice.</summary>
    public bool AddedLater { get; init; }

    /// <summary>An output's only good value; any other is a change.</summary>
    public Value? Desired { get; init; }

    /// <summary>The output, by name, that this one contradicts while it is there.</summary>
    public string? InsteadOf { get; init; }

    /// <summary>An output that planning knows, from the inputs it follows and from files.</summary>
    public bool Derived { get; init; }

    /// <summary>The inputs, by name, that an output is made of; of one that is not derived itself, derived ones too.</summary>
    public ImmutableArray<string> Follows { get; init; } = [];

    /// <summary>A list's item, or a map's value.</summary>
    public Field? Element { get; init; }

    /// <summary>The properties of an object.</summary>
    public ImmutableArray<Field> Fields { get; init; } = [];

    /// <summary>The name of an object's record.</summary>
    public string? TypeName { get; init; }

    /// <summary>Each says what is wrong with one known value that fits, or null. The value is quoted unless it is secret.</summary>
    public ImmutableArray<Func<Value, string?>> Rules { get; init; } = [];

    /// <summary>The rules of a map's keys, each given as a text.</summary>
    public ImmutableArray<Func<Value, string?>> KeyRules { get; init; } = [];

    /// <summary>Never absent from a state that is up to date.</summary>
    public bool AlwaysSet => Required || Chosen || AutoNamed || Default is not null;

    /// <summary>Whether a state that lacks the input means that value.</summary>
    public bool IsAssumed(Value value) => AddedLater && Default is { } usual && Same(usual, value);
}
