using System.Collections.Immutable;

namespace MiniEngine.Values;

internal sealed record Map(ImmutableSortedDictionary<string, Value> Items) : Value
{
    public static Map Empty { get; } = new(ImmutableSortedDictionary.Create<string, Value>(StringComparer.Ordinal));

    public static Map Of(IEnumerable<KeyValuePair<string, Value>> items) => new(Empty.Items.AddRange(items));

    public static Map Of(params ReadOnlySpan<(string Name, Value Value)> items)
    {
        var map = Empty;
        foreach (var (name, value) in items)
            map = map.With(name, value);
        return map;
    }

    public Value? this[string name] => Items.GetValueOrDefault(name);

    public override bool IsKnown => Items.Values.All(item => item.IsKnown);

    public override bool HasSecret => Items.Values.Any(item => item.HasSecret);

    public override Map Bare => Of(Items.Select(item => KeyValuePair.Create(item.Key, item.Value.Bare)));

    /// <summary>The map without unknown values, at any depth.</summary>
    public Map Known => IsKnown ? this : WireDecoder.Decode(new WireEncoder(Secrets: true, References: true, Unknowns: false).Encode(this));

    public Map With(string name, Value? value) => new(value is null ? Items.Remove(name) : Items.SetItem(name, value));

    /// <summary>Marks as secret the properties that are secret in <paramref name="like"/>, and those named (protocol 3, last paragraphs).</summary>
    public Map WithSecretsOf(Map like, IEnumerable<string> named) =>
        like.Items.Where(item => item.Value.HasSecret).Select(item => item.Key).Concat(named)
            .Aggregate(this, (map, name) => map.With(name, map[name]?.AsSecret()));

    public bool Equals(Map? other) => other is not null && Items.SequenceEqual(other.Items);

    public override int GetHashCode() => Items.Count;
}
