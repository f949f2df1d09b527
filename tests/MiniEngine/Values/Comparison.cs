namespace MiniEngine.Values;

internal enum ChangeKind { Add, Delete, Update }

/// <summary>A property that differs.</summary>
/// <param name="Old">The old value for display.</param>
/// <param name="New">The new value for display.</param>
internal sealed record PropertyChange(string Path, ChangeKind Kind, bool Replaces = false, string? Old = null, string? New = null);

/// <summary>The engine's own comparison of values, where a provider gives none (protocol 4.2.4, DIFF_UNKNOWN).</summary>
internal static class Comparison
{
    public static IEnumerable<PropertyPath> Compare(Map old, Map @new) => Compare(PropertyPath.Empty, old.Bare, @new.Bare);

    public static PropertyChange Describe(PropertyPath path, ChangeKind kind, bool replaces, Value? old, Value? @new) =>
        new(path.ToString(), kind, replaces, old is null ? null : Json.Show(old), @new is null ? null : Json.Show(@new));

    public static ChangeKind KindOf(Value? old, Value? @new) =>
        old is null ? ChangeKind.Add : @new is null ? ChangeKind.Delete : ChangeKind.Update;

    private static IEnumerable<PropertyPath> Compare(PropertyPath path, Value? old, Value? @new) => (old, @new) switch
    {
        (Map a, Map b) => a.Items.Keys.Union(b.Items.Keys).Where(name => !IsInternal(name))
            .SelectMany(name => Compare(path.Then(name), a[name], b[name])),
        (List a, List b) => Enumerable.Range(0, Math.Max(a.Items.Length, b.Items.Length))
            .SelectMany(index => Compare(path.Then(index), a.Items.ElementAtOrDefault(index), b.Items.ElementAtOrDefault(index))),
        (not Unknown, not Unknown) when Equals(old, @new) => [],
        _ => [path],
    };

    /// <summary>True for keys such as <c>__defaults</c>, which are not compared (protocol 3).</summary>
    private static bool IsInternal(string name) => name.StartsWith("__", StringComparison.Ordinal);
}
