using System.Collections.Immutable;

namespace PgFleet.Schema;

/// <summary>
/// Merges a configuration into a state and records the differences. A value that is semantically equal keeps the state's spelling;
/// a list or map of simple values keeps it as a whole or not at all, because Terraform rejects a mixture of the two.
/// </summary>
/// <param name="isNew">Whether the resource of that name is created in this run.</param>
/// <param name="isEmptied">Whether the resource of that name is replaced in this run, so that what the old one contained is lost.</param>
internal sealed class PlanMerge(Func<string, bool> isNew, Func<string, bool> isEmptied)
{
    private readonly ImmutableArray<Change>.Builder changes = ImmutableArray.CreateBuilder<Change>();

    public ImmutableArray<Change> Changes => changes.ToImmutable();

    public bool Replaces => changes.Any(change => change.Replaces);

    public Map Properties(ImmutableArray<Field> fields, Map held, Map wanted, PlanPath at) =>
        fields.Aggregate(
            Map.Empty with { Secret = held.Secret || wanted.Secret },
            (merged, field) => merged.With(field.Name, Property(field, held[field.Name], wanted[field.Name], at.Property(field))));

    /// <summary>Plans an output. <paramref name="derived"/> is the value computed at plan time, if it is such an output.</summary>
    public Value? Output(Field output, Value? held, Value? derived)
    {
        if (output.ComputedAtPlan)
        {
            return derived is null ? held : Property(output, held, derived, PlanPath.Top.Property(output));
        }

        if (output.InsteadOf is not null)
        {
            return null;
        }

        if (output.ExpectedValue is null || held is null || output.Same(held, output.ExpectedValue))
        {
            return held;
        }

        // The update tries to reach the value; it may not succeed, so the planned value is unknown.
        Note(PlanPath.Top.Property(output), held, output.ExpectedValue);
        return new Unknown(output.Secret);
    }

    /// <summary>Records that the observed value, which differs from the recorded one, is adopted.</summary>
    public void Supersede(Field output, Value? recorded, Value found) => Note(PlanPath.Top.Property(output), recorded, found);

    private Value? Property(Field field, Value? held, Value? wanted, PlanPath at)
    {
        switch (held, wanted)
        {
            case (null, null):
                return null;
            case ({ }, null) when field.OptionalComputed:
                return held;
            case ({ }, null):
                Note(at with { Replaces = at.Replaces || HoldsFixed(field, held) }, held, null);
                return null;
            case (null, { }) when at.Replaces && field.AlwaysSet:
                // The state of an import lacks what the resource was created with; that is no reason to replace it.
                return wanted;
            case (null, { }) when field.IsAssumed(wanted):
                return null;
            case (null, { }):
                Note(at, null, wanted);
                return wanted;
            case ({ }, Unknown) when field.IgnoresUnknown:
                Note(at with { Replaces = false }, held, wanted);
                return wanted;
            case ({ }, StringValue name) when field.IgnoresUnknown && !field.Same(held, wanted) && isNew(name.Value):
                // The resource was created from an earlier one of that name; the new one does not affect it.
                Note(at with { Replaces = false }, held, wanted);
                return wanted;
            case ({ }, StringValue name) when field.Container && isEmptied(name.Value):
                Note(at, held, wanted);
                return wanted;
            default:
                return Known(field, held!, wanted!, at);
        }
    }

    private Value Known(Field field, Value held, Value wanted, PlanPath at)
    {
        switch (field.Kind, held, wanted)
        {
            case (Kind.Object, Map old, Map @new):
                return Properties(field.Fields, old, @new, at);
            case (Kind.Map, Map old, Map @new):
                return Whole(field, old, @new, Entries(field.Element!, old, @new, at));
            case (Kind.List, List old, List @new):
                return Whole(field, old, @new, Items(field.Element!, old, @new, at));
            case (_, _, not Unknown) when field.Same(held, wanted):
                return Secrets.Join(held, wanted);
            default:
                Note(at with { Replaces = at.Replaces || (wanted is Unknown && HoldsFixed(field, held)) }, held, wanted);
                return wanted;
        }
    }

    private Map Entries(Field element, Map held, Map wanted, PlanPath at) =>
        Map.Of(held.Items.Keys.Union(wanted.Items.Keys).Order(StringComparer.Ordinal)
            .Select(key => (Key: key, Value: Entry(element, held[key], wanted[key], at.Key(key))))
            .Where(entry => entry.Value is not null)
            .Select(entry => KeyValuePair.Create(entry.Key, entry.Value!))) with
        { Secret = held.Secret || wanted.Secret };

    private List Items(Field element, List held, List wanted, PlanPath at) =>
        new([.. Enumerable.Range(0, Math.Max(held.Items.Length, wanted.Items.Length))
            .Select(i => Entry(element, held.Items.ElementAtOrDefault(i), wanted.Items.ElementAtOrDefault(i), at.Index(i)))
            .OfType<Value>()], held.Secret || wanted.Secret);

    private Value? Entry(Field element, Value? held, Value? wanted, PlanPath at)
    {
        if (held is not null && wanted is not null)
        {
            return Known(element, held, wanted, at);
        }

        Note(at, held, wanted);
        return wanted;
    }

    private static Value Whole(Field field, Value held, Value wanted, Value merged) =>
        field.Element!.Kind == Kind.Object ? merged
        : wanted.IsKnown && field.Same(held, wanted) ? Secrets.Join(held, wanted)
        : wanted;

    private static bool HoldsFixed(Field field, Value held) =>
        held is Map map && field.Fields.Any(inner => map[inner.Name] is { } value && (inner.Replaces || HoldsFixed(inner, value)));

    private void Note(PlanPath at, Value? held, Value? wanted) =>
        changes.Add(new(at.Path, Marked(held, at), Marked(wanted, at), at.Replaces));

    private static Value? Marked(Value? value, PlanPath at) => value is null ? null : value with { Secret = value.Secret || at.Secret };
}
