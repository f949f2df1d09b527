using System.Collections.Immutable;

namespace PgFleet.Schema;

// What a handler observed, expressed in the spelling of the recorded state and inputs.
internal static partial class Planner
{
    /// <summary>
    /// The state to record after a read: semantically equal values keep the recorded spelling, partially managed maps are reduced to the recorded keys,
    /// and values that cannot be observed (a secret, creation parameters) are carried over. An import, which has no prior state, keeps everything.
    /// </summary>
    public static Map Refresh(ResourceSchema shape, Map observed, Map? prior) =>
        Refresh([.. shape.Fields], observed, prior ?? Map.Empty, imported: prior is null);

    /// <summary>
    /// The inputs that Pulumi records after a read: the recorded ones, updated with values that drifted. On import, the inputs needed to declare the
    /// same resource again: every input that is set to something other than its default. Secrets are left out, because the inputs become program text.
    /// </summary>
    public static Map InputsOf(ResourceSchema shape, Map state, Map? priorInputs) =>
        priorInputs is null
            ? Declaration(shape.Inputs, state)
            : Map.Of(Drifted(shape.Inputs, state, priorInputs).Items.Concat(priorInputs.Items.Where(entry => InternalName.Is(entry.Key))));

    /// <summary>Marks every secret in a state: declared ones, inputs that the user marked, and outputs that depend on either.</summary>
    public static Map MarkSecrets(ResourceSchema shape, Map state, Map inputs)
    {
        var marked = shape.Fields.Where(field => state[field.Name] is not null)
            .Aggregate(state, (map, field) => map.With(field.Name, Secrets.Join(Secrets.Mark(field, map[field.Name]!), inputs[field.Name])));
        var secret = shape.Inputs.Where(input => input.Secret || Secrets.Within(marked[input.Name]) || Secrets.Within(inputs[input.Name]))
            .Select(input => input.Name)
            .ToHashSet();
        return shape.Outputs.Where(output => marked[output.Name] is not null && output.DependsOn.Any(secret.Contains))
            .Aggregate(marked, (map, output) => map.With(output.Name, map[output.Name]! with { Secret = true }));
    }

    private static Map Refresh(ImmutableArray<Field> fields, Map observed, Map prior, bool imported) =>
        fields.Aggregate(
            Map.Empty with { Secret = observed.Secret || prior.Secret },
            (state, field) => state.With(field.Name, Refresh(field, observed[field.Name], prior[field.Name], imported)));

    private static Value? Refresh(Field field, Value? observed, Value? prior, bool imported) => (field.Kind, observed, prior) switch
    {
        (_, null, _) => IsUnseen(field) && prior is { IsKnown: true } ? prior : null,
        (_, _, null) => !imported && (field.PartiallyManaged || field.IsAssumed(observed)) ? null : observed,
        (Kind.Object, Map now, Map then) => Refresh(field.Fields, now, then, imported),
        (Kind.Map, Map now, Map then) => Map.Of(
            from entry in now.Items
            where !field.PartiallyManaged || then[entry.Key] is not null
            select KeyValuePair.Create(entry.Key, Refresh(field.Element!, entry.Value, then[entry.Key], imported)!)) with
        { Secret = now.Secret || then.Secret },
        _ => field.Same(prior, observed) ? Secrets.Join(prior, observed) : observed,
    };

    /// <summary>True if an absent observation carries no information. For a plain optional value, it means that the value is not set.</summary>
    private static bool IsUnseen(Field field) => field.Secret || (field.Replaces && field.AlwaysSet);

    private static Map Drifted(ImmutableArray<Field> fields, Map state, Map inputs) =>
        fields.Where(field => inputs[field.Name] is not null).Aggregate(
            Map.Empty with { Secret = inputs.Secret },
            (drifted, field) => drifted.With(field.Name, Drifted(field, state[field.Name], inputs[field.Name]!)));

    private static Value? Drifted(Field field, Value? state, Value input) => (field.Kind, state, input) switch
    {
        (_, null, _) => IsUnseen(field) ? input : null,
        (Kind.Object, Map now, Map then) => Drifted(field.Fields, now, then),
        (Kind.Map, Map now, Map then) => Map.Of(
            from entry in now.Items
            where !field.PartiallyManaged || then[entry.Key] is not null
            select KeyValuePair.Create(entry.Key, then[entry.Key] is { } old ? Drifted(field.Element!, entry.Value, old)! : entry.Value)) with
        { Secret = then.Secret },
        (Kind.List, List now, List then) when now.Items.Length == then.Items.Length =>
            then with { Items = [.. now.Items.Zip(then.Items, (item, old) => Drifted(field.Element!, item, old)!)] },
        _ => field.Same(input, state) ? input : Secrets.Join(state, input),
    };

    private static Map Declaration(ImmutableArray<Field> fields, Map state) =>
        fields.Where(field => !field.Secret).Aggregate(
            Map.Empty,
            (inputs, field) => inputs.With(field.Name, state[field.Name] is { } value ? Declaration(field, value) : null));

    private static Value? Declaration(Field field, Value value)
    {
        if (field.Default is { } usual && field.Same(usual, value))
        {
            return null;
        }

        if (field.Kind != Kind.Object || value is not Map map)
        {
            return value;
        }

        var declared = Declaration(field.Fields, map);
        return declared.Items.IsEmpty && !field.Required ? null : declared;
    }
}
