using System.Collections.Immutable;

namespace MiniEngine.Values;

/// <summary>A property's value as the engine holds it (protocol 3). A property that is absent is not in its <see cref="Map"/>.</summary>
internal abstract record Value
{
    /// <summary>No part of the value is unknown.</summary>
    public virtual bool IsKnown => true;

    /// <summary>The value, or a part of it, is secret.</summary>
    public virtual bool HasSecret => false;

    /// <summary>The value with no secret marker at any depth.</summary>
    public virtual Value Bare => this;

    public Value AsSecret(bool secret = true) => secret && this is not Secret ? new Secret(this) : this;
}

internal sealed record Null : Value
{
    public static Null Instance { get; } = new();
}

internal sealed record Flag(bool On) : Value;

internal sealed record Number(double Amount) : Value;

internal sealed record Text(string Content) : Value;

/// <summary>A value that is known only after an operation it depends on.</summary>
internal sealed record Unknown : Value
{
    public static Unknown Instance { get; } = new();

    public override bool IsKnown => false;
}

internal sealed record Secret(Value Inner) : Value
{
    public override bool IsKnown => Inner.IsKnown;

    public override bool HasSecret => true;

    public override Value Bare => Inner.Bare;
}

/// <summary>A resource as a value.</summary>
/// <param name="Id">The id; null: not known yet.</param>
internal sealed record Reference(Urn Urn, string? Id) : Value;

/// <summary>An asset, an archive or a byte string, passed through unchanged.</summary>
internal sealed record Opaque(string Signature, Map Fields) : Value;

internal sealed record List(ImmutableArray<Value> Items) : Value
{
    public override bool IsKnown => Items.All(item => item.IsKnown);

    public override bool HasSecret => Items.Any(item => item.HasSecret);

    public override Value Bare => new List([.. Items.Select(item => item.Bare)]);

    public bool Equals(List? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Length;
}
