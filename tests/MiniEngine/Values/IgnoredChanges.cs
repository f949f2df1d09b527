using System.Collections.Immutable;

namespace MiniEngine.Values;

/// <summary>ignoreChanges: the properties named keep the values of the last run (protocol 4.2.2).</summary>
internal static class IgnoredChanges
{
    public static Map Reset(Map @new, Map old, IEnumerable<string> paths) =>
        paths.Aggregate(@new, (map, path) => (Map)Reset(map, old, PropertyPath.Parse(path).Steps.AsSpan())!);

    private static Value? Reset(Value? @new, Value? old, ReadOnlySpan<string> path)
    {
        if (path.IsEmpty)
            return old;
        switch (@new)
        {
            case Secret secret:
                return Reset(secret.Inner, old is Secret hidden ? hidden.Inner : old, path)?.AsSecret();
            case Map map:
                var keys = path[0] is PropertyPath.Any ? map.Items.Keys.Union((old as Map ?? Map.Empty).Items.Keys) : [path[0]];
                foreach (var key in keys.ToImmutableArray())
                    map = map.With(key, Reset(map[key], PropertyPath.Child(old, key), path[1..]));
                return map;
            case List list:
                var items = list.Items;
                for (var index = 0; index < items.Length; index++)
                {
                    if (path[0] is PropertyPath.Any || path[0] == $"{index}")
                        items = items.SetItem(index, Reset(items[index], PropertyPath.Child(old, $"{index}"), path[1..]) ?? Null.Instance);
                }
                return new List(items);
            default:
                return @new;
        }
    }
}
