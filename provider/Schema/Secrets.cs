namespace PgFleet.Schema;

/// <summary>Where the marks of secrets lie in a value.</summary>
internal static class Secrets
{
    /// <summary>Whether any part of it is secret.</summary>
    public static bool Within(Value? value) => value switch
    {
        null => false,
        { Secret: true } => true,
        List list => list.Items.Any(Within),
        Map map => map.Items.Values.Any(Within),
        _ => false,
    };

    /// <summary>The value, with each part secret that is so in either; where the two differ in form, the whole is.</summary>
    public static Value Join(Value value, Value? like)
    {
        if (value.Secret || !Within(like))
        {
            return value;
        }

        return (value, like) switch
        {
            (_, { Secret: true }) => value with { Secret = true },
            (List list, List other) when list.Items.Length == other.Items.Length =>
                list with { Items = [.. list.Items.Zip(other.Items, Join)] },
            (Map map, Map other) when other.Items.All(entry => map[entry.Key] is not null || !Within(entry.Value)) =>
                map with { Items = map.Items.SetItems(map.Items.Where(entry => other[entry.Key] is not null).Select(entry => KeyValuePair.Create(entry.Key, Join(entry.Value, other[entry.Key]!)))) },
            _ => value with { Secret = true },
        };
    }

    /// <summary>Every part secret whose field says so.</summary>
    public static Value Mark(Field field, Value value)
    {
        if (field.Secret)
        {
            return value with { Secret = true };
        }

        return (field.Kind, value) switch
        {
            (Kind.Object, Map map) => field.Fields.Aggregate(map, (marked, inner) =>
                map[inner.Name] is { } part ? marked.With(inner.Name, Mark(inner, part)) : marked),
            (Kind.Map, Map map) => map with { Items = map.Items.SetItems(map.Items.Select(entry => KeyValuePair.Create(entry.Key, Mark(field.Element!, entry.Value)))) },
            (Kind.List, List list) => list with { Items = [.. list.Items.Select(item => Mark(field.Element!, item))] },
            _ => value,
        };
    }
}
