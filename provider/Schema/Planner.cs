using System.Collections.Immutable;

namespace PgFleet.Schema;

/// <summary>Plans changes, and converts observations to the user's spelling: pure functions of a schema and values.</summary>
internal static partial class Planner
{
    /// <param name="shape">The resource's schema.</param>
    /// <param name="prior">
    /// The recorded state, inputs and outputs; null for a new resource. A name that it lacks (it was written by an older provider, or imported) has an unknown
    /// value.
    /// </param>
    /// <param name="config">The checked inputs and the values computed at plan time; a computed value that is missing stays as it is.</param>
    /// <param name="generated">The names of the inputs that the user did not write.</param>
    /// <param name="isNew">Whether the resource of that name is created in this run; null: no resource is.</param>
    /// <param name="isEmptied">
    /// Whether the resource of that name is replaced in this run, so that what the old one contained is lost; null: none is, or a refresh has observed it.
    /// </param>
    public static Plan Plan(ResourceSchema shape, Map? prior, Map config, ImmutableArray<string> generated, Func<string, bool>? isNew = null, Func<string, bool>? isEmptied = null)
    {
        if (prior is null)
        {
            return new(New(shape, config), Additions(shape, config), DeleteFirst: false);
        }

        var deleteFirst = WouldConflict(shape, prior, config, generated);
        var merge = new PlanMerge(isNew ?? (_ => false), isEmptied ?? (_ => false));
        var planned = merge.Properties(shape.Inputs, prior, config, PlanPath.Top);
        if (merge.Replaces)
        {
            return new(New(shape, config), merge.Changes, deleteFirst);
        }

        foreach (var output in shape.Outputs)
        {
            planned = planned.With(output.Name, merge.Output(output, prior[output.Name], config[output.Name]));
            if (output.InsteadOf is { } name && prior[output.Name] is { } found)
            {
                merge.Supersede(shape[name]!, prior[name], found);
            }
        }

        return merge.Changes.IsEmpty
            ? new(planned, [], deleteFirst)
            : new(WithOutputsToCome(shape, Fresh(shape.Inputs, planned), prior, merge.Changes), merge.Changes, deleteFirst);
    }

    /// <summary>Adds to a plan the inputs that the user wrote and that the plan left out because the state is older than the input.</summary>
    public static Map WithWritten(ImmutableArray<Field> inputs, Map planned, Map config) =>
        inputs.Aggregate(planned, (map, input) => (map[input.Name], config[input.Name]) switch
        {
            (Map inner, Map written) when input.Kind == Kind.Object => map.With(input.Name, WithWritten(input.Fields, inner, written)),
            (null, { } value) when input.AddedLater => map.With(input.Name, value),
            _ => map,
        });

    /// <summary>
    /// The planned state of a new resource. Values that the provider chooses are unknown, also in a replacement: the old resource still holds its own.
    /// </summary>
    private static Map New(ResourceSchema shape, Map config) =>
        shape.Outputs.Aggregate(
            Fresh(shape.Inputs, Declared(shape.Inputs, config)),
            (map, output) => map.With(output.Name, output.InsteadOf is null ? ComputedValue(output, config) ?? new Unknown(output.Secret) : null));

    private static Value? ComputedValue(Field output, Map config) => output.ComputedAtPlan ? config[output.Name] : null;

    /// <summary>The configuration, with unset values that the provider chooses as unknown.</summary>
    private static Map Fresh(ImmutableArray<Field> fields, Map map) =>
        fields.Aggregate(map, (filled, field) => filled.With(field.Name, Fresh(field, map[field.Name])));

    private static Value? Fresh(Field field, Value? value) => (field.Kind, value) switch
    {
        (_, null) => field.OptionalComputed ? new Unknown(field.Secret) : null,
        (Kind.Object, Map map) => Fresh(field.Fields, map),
        (Kind.Map, Map map) => map with { Items = map.Items.SetItems(map.Items.Select(entry => KeyValuePair.Create(entry.Key, Fresh(field.Element!, entry.Value)!))) },
        (Kind.List, List list) => list with { Items = [.. list.Items.Select(item => Fresh(field.Element!, item)!)] },
        _ => value,
    };

    private static Map WithOutputsToCome(ResourceSchema shape, Map planned, Map prior, ImmutableArray<Change> changes)
    {
        var changed = shape.Fields.Where(field => (field.Input || field.ComputedAtPlan) && !Equals(prior[field.Name], planned[field.Name])).Select(field => field.Name).ToHashSet();
        // Only the operation can tell whether the fault is repaired. A partly created resource also gets its remaining outputs only then.
        var isMended = changes.Any(change => shape[change.Path] is { ExpectedValue: not null });
        var superseded = shape.Outputs.Where(output => output.InsteadOf is not null && prior[output.Name] is not null).Select(output => output.InsteadOf).ToHashSet();
        // Outputs that the state of an earlier version lacks are recorded with the next change.
        return shape.Outputs
            .Where(output => !output.ComputedAtPlan && output.InsteadOf is null)
            .Where(output => planned[output.Name] is null || superseded.Contains(output.Name) || output.DependsOn.Any(changed.Contains) || (isMended && output.DependsOn.IsEmpty && (output.ExpectedValue is not null || IsBlank(planned[output.Name]))))
            .Aggregate(planned, (map, output) => map.With(output.Name, new Unknown(output.Secret)));
    }

    private static bool IsBlank(Value? value) => value is null or StringValue { Value: "" } or NumberValue { Value: 0 };

    private static ImmutableArray<Change> Additions(ResourceSchema shape, Map config) =>
        [.. shape.Inputs.Where(input => config[input.Name] is not null).Select(input => new Change(input.Name, null, config[input.Name], Replaces: false))];

    private static bool WouldConflict(ResourceSchema shape, Map prior, Map config, ImmutableArray<string> generated) =>
        shape.Inputs.Where(input => input.ExclusiveGroup is not null)
            .GroupBy(input => input.ExclusiveGroup)
            .Any(group => group.All(input =>
                config[input.Name] is { IsKnown: true } wanted
                && !generated.Contains(input.Name)
                && (prior[input.Name] is not { } held || input.Same(held, wanted))));

    private static Map Declared(ImmutableArray<Field> fields, Map map) =>
        Map.Of(map.Items.Where(entry => fields.Any(field => field.Name == entry.Key)));
}
