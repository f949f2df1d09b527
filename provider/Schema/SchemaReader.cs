using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace PgFleet.Schema;

/// <summary>Reads fields from a record's generated serialization contract and the attributes on its properties.</summary>
internal static class SchemaReader
{
    private static readonly ConcurrentDictionary<(JsonTypeInfo Record, bool Input), ImmutableArray<Field>> Read = new();

    /// <summary>Returns a record's fields. Cached, because they never change and reading attributes is slow.</summary>
    public static ImmutableArray<Field> Fields(JsonTypeInfo record, bool input) => Read.GetOrAdd((record, input), _ => Declared(record, input));

    private static ImmutableArray<Field> Declared(JsonTypeInfo record, bool input) =>
        [.. record.Properties.Where(property => property.Get is not null).Select(property => Declared(property, input && !IsComputedAtPlan(property)))];

    private static Field Declared(JsonPropertyInfo property, bool input)
    {
        var field = OfType(property.Name, property.PropertyType, property.Options, input);
        var usual = Find<DefaultValueAttribute>(property)?.Value;
        var computed = Find<ComputedAtPlanAttribute>(property);
        field = WithRules(field, Rules.Of(property)) with
        {
            Description = Markdown.Read(Find<DescriptionAttribute>(property)?.Description ?? ""),
            Required = input
                ? usual is null && (property.IsRequired || Find<RequiredInputAttribute>(property) is not null)
                : computed is not null || !IsNullable(property),
            Replaces = Find<ReplacesAttribute>(property) is not null,
            IgnoresUnknown = Find<ReplacesAttribute>(property) is { WhenUnknown: false },
            Container = Find<ContainerAttribute>(property) is not null,
            OptionalComputed = Find<OptionalComputedAttribute>(property) is not null,
            Protects = Find<ProtectsAttribute>(property) is not null,
            UnfinishedValue = Find<UnfinishedWhenAttribute>(property) is { } unfinished ? new StringValue(unfinished.Value) : null,
            AutoNamed = Find<AutoNamedAttribute>(property) is not null,
            PartiallyManaged = Find<PartiallyManagedAttribute>(property) is not null,
            ExclusiveGroup = Find<ExclusiveAttribute>(property)?.Group,
            Default = usual is null ? null : Default(usual, field.Kind),
            AddedLater = Find<AddedLaterAttribute>(property) is not null,
            ExpectedValue = Find<ExpectedValueAttribute>(property) is { } expected ? new StringValue(expected.Value) : null,
            InsteadOf = Find<FoundInsteadOfAttribute>(property) is { } instead ? WireName(instead.Output, property.Options) : null,
            ComputedAtPlan = computed is not null,
            DependsOn = [.. (computed?.Inputs ?? Find<DependsOnAttribute>(property)?.Inputs ?? []).Select(name => WireName(name, property.Options))],
        };
        if (input && !field.AlwaysSet && !IsNullable(property))
        {
            throw new ArgumentException($"\"{field.Name}\" of {property.DeclaringType.Name} may be omitted, so it is nullable or has a [DefaultValue].");
        }

        return field;
    }

    private static Field OfType(string name, Type declared, JsonSerializerOptions options, bool input)
    {
        var type = options.GetTypeInfo(Nullable.GetUnderlyingType(declared) ?? declared);
        if (Scalar.Of(type) is { } scalar)
        {
            return new() { Name = name, Input = input, Kind = scalar.Kind, Expected = scalar.Expected, Fit = scalar.Fit, Same = scalar.Same, Misfit = scalar.Misfit, Secret = scalar.Secret };
        }

        switch (type.Kind)
        {
            case JsonTypeInfoKind.Enumerable:
                var item = OfType("", type.ElementType!, options, input);
                return new() { Name = name, Input = input, Kind = Kind.List, Element = item, Expected = "a list", Fit = value => value as List, Same = SemanticEquality.OfLists(item) };
            case JsonTypeInfoKind.Dictionary:
                var element = OfType("", type.ElementType!, options, input);
                return new() { Name = name, Input = input, Kind = Kind.Map, Element = element, Expected = "a map", Fit = value => value as Map, Same = SemanticEquality.OfMaps(element) };
            case JsonTypeInfoKind.Object:
                var fields = Fields(type, input);
                return new() { Name = name, Input = input, Kind = Kind.Object, Fields = fields, TypeName = type.Type.Name, Expected = "an object", Fit = value => value as Map, Same = SemanticEquality.OfObjects(fields) };
            default:
                throw new ArgumentException($"\"{name}\" is of type {type.Type.Name}, which has no row in {nameof(Scalar)}.");
        }
    }

    private static Field WithRules(Field field, ImmutableArray<Func<Value, string?>> rules) => field.Kind switch
    {
        Kind.List => field with { Element = field.Element! with { Rules = rules } },
        Kind.Map => field with { KeyRules = rules },
        _ => field with { Rules = rules },
    };

    private static Value Default(object value, Kind kind) => value switch
    {
        string text when kind is Kind.List or Kind.Map or Kind.Object => JsonText.Parse(text),
        string text => new StringValue(text),
        bool flag => new BoolValue(flag),
        string[] items => new List([.. items.Select(item => new StringValue(item))]),
        IConvertible number => new NumberValue(number.ToDouble(null)),
        _ => throw new ArgumentException($"A default of type {value.GetType().Name} has no form on the wire."),
    };

    private static bool IsNullable(JsonPropertyInfo property) =>
        property.PropertyType.IsValueType ? Nullable.GetUnderlyingType(property.PropertyType) is not null : property.IsGetNullable;

    private static bool IsComputedAtPlan(JsonPropertyInfo property) => Find<ComputedAtPlanAttribute>(property) is not null;

    private static string WireName(string property, JsonSerializerOptions options) =>
        options.PropertyNamingPolicy?.ConvertName(property) ?? property;

    private static T? Find<T>(JsonPropertyInfo property)
        where T : Attribute =>
        (T?)property.AttributeProvider?.GetCustomAttributes(typeof(T), inherit: true).FirstOrDefault();
}
