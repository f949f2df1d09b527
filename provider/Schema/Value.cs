using System.Collections.Immutable;

namespace PgFleet.Schema;

/// <summary>A value in a configuration or a state, common to both protocols. An absent property is not in its <see cref="Map"/>.</summary>
/// <param name="Secret">True if the value must never be shown. Not part of equality.</param>
internal abstract record Value(bool Secret)
{
    public bool IsKnown => this switch
    {
        Unknown => false,
        List list => list.Items.All(item => item.IsKnown),
        Map map => map.Items.Values.All(item => item.IsKnown),
        _ => true,
    };

    /// <summary>Formats the value for logs and test messages; secrets are masked.</summary>
    public sealed override string ToString() => this switch
    {
        { Secret: true } => Security.Secret.Mask,
        Unknown => "[unknown]",
        List list => $"[{string.Join(", ", list.Items)}]",
        Map map => $"{{{string.Join(", ", map.Items.Select(item => $"{item.Key}: {item.Value}"))}}}",
        _ => Wording.Quote(this),
    };
}

internal sealed record StringValue(string Value, bool Secret = false) : Value(Secret)
{
    public bool Equals(StringValue? other) => other is not null && Value == other.Value;

    public override int GetHashCode() => Value.GetHashCode(StringComparison.Ordinal);
}

/// <summary>An IEEE double, as in Pulumi's protocol.</summary>
internal sealed record NumberValue(double Value, bool Secret = false) : Value(Secret)
{
    public bool Equals(NumberValue? other) => other is not null && Value.Equals(other.Value);

    public override int GetHashCode() => Value.GetHashCode();
}

internal sealed record BoolValue(bool Value, bool Secret = false) : Value(Secret)
{
    public bool Equals(BoolValue? other) => other is not null && Value == other.Value;

    public override int GetHashCode() => Value.GetHashCode();
}

/// <summary>A value that is known only after the operation.</summary>
internal sealed record Unknown(bool Secret = false) : Value(Secret)
{
    public bool Equals(Unknown? other) => other is not null;

    public override int GetHashCode() => 0;
}

internal sealed record List(ImmutableArray<Value> Items, bool Secret = false) : Value(Secret)
{
    public bool Equals(List? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Length;
}

internal sealed record Map(ImmutableSortedDictionary<string, Value> Items, bool Secret = false) : Value(Secret)
{
    /// <summary>Creates maps: keys are in ordinal order, so that output does not depend on the machine. Every map is built from this one.</summary>
    /// <remarks>
    /// Values are compared by reference: the dictionary ignores setting an equal value, and would then lose a secret's mark, which is not part of equality.
    /// </remarks>
    public static Map Empty { get; } = new(ImmutableSortedDictionary.Create<string, Value>(StringComparer.Ordinal, ReferenceEqualityComparer.Instance));

    public static Map Of(IEnumerable<KeyValuePair<string, Value>> items) =>
        new(Empty.Items.AddRange(items));

    public Value? this[string name] => Items.GetValueOrDefault(name);

    public Map With(string name, Value? value) =>
        this with { Items = value is null ? Items.Remove(name) : Items.SetItem(name, value) };

    public bool Equals(Map? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Count;
}
