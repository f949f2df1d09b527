namespace PgFleet.Schema;

/// <summary>Finds, joins and sets secret marks in nested values.</summary>
internal static class Secrets
{
    /// <summary>True if any part is secret.</summary>
    public static bool Within(Value? value) => value switch
    {
        null => false,
        { Secret: true } => true,
        List list => list.Items.Any(Within),
        Map map => map.Items.Values.Any(Within),
        _ => false,
    };

    /// <summary>Returns the value with each part marked secret that is secret in either; where the structures differ, the whole is.</summary>
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

    /// <summary>Marks every part whose field is declared secret.</summary>
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
