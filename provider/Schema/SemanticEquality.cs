using System.Collections.Immutable;

namespace PgFleet.Schema;

/// <summary>Semantic equality of lists, maps and objects, by that of their elements.</summary>
internal static class SemanticEquality
{
    public static Func<Value, Value, bool> OfLists(Field item) => (left, right) =>
        left is List a && right is List b
            ? a.Items.Length == b.Items.Length && a.Items.Zip(b.Items).All(pair => item.Same(pair.First, pair.Second))
            : left.Equals(right);

    public static Func<Value, Value, bool> OfMaps(Field element) => (left, right) =>
        left is Map a && right is Map b
            ? a.Items.Count == b.Items.Count && a.Items.All(entry => b[entry.Key] is { } other && element.Same(entry.Value, other))
            : left.Equals(right);

    public static Func<Value, Value, bool> OfObjects(ImmutableArray<Field> fields) => (left, right) =>
        left is Map a && right is Map b
            ? fields.All(field => (a[field.Name], b[field.Name]) switch
            {
                (null, null) => true,
                ({ } x, { } y) => field.Same(x, y),
                _ => false,
            })
            : left.Equals(right);
}
