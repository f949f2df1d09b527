using System.Collections.Immutable;
using PgFleet.Failures;

namespace PgFleet.Schema;

/// <summary>Validates a configuration against its schema. A pure function, so a protocol may call it as often as it likes.</summary>
internal static class Checker
{
    /// <param name="shape">The resource's schema.</param>
    /// <param name="config">The user's configuration; unknown values are not validated.</param>
    /// <param name="priorInputs">The inputs that the last check returned, or null.</param>
    /// <param name="priorGenerated">The names of inputs that the last check generated.</param>
    /// <param name="autoname">Generates a value for an omitted field; null when the user has to write one.</param>
    public static Checked Check(ResourceSchema shape, Map config, Map? priorInputs, ImmutableArray<string> priorGenerated, Func<Field, string?> autoname)
    {
        var generated = shape.Inputs.Where(field => field.AutoNamed && config[field.Name] is null)
            .Select(field => (field.Name, Value: Kept(field) ?? Named(field)))
            .Where(name => name.Value is not null)
            .ToImmutableArray();
        var judge = new Judge();
        var inputs = judge.Properties(shape.Inputs, generated.Aggregate(config, (map, name) => map.With(name.Name, name.Value)), "", config.Secret);
        return new(inputs, [.. generated.Select(name => name.Name)], judge.Problems);

        Value? Kept(Field field) => priorGenerated.Contains(field.Name) ? priorInputs?[field.Name] : null;

        StringValue? Named(Field field) => autoname(field) is { } name ? new(name) : null;
    }

    /// <summary>Collects problems while walking a configuration, and returns the completed configuration.</summary>
    private sealed class Judge
    {
        private readonly ImmutableArray<Problem>.Builder problems = ImmutableArray.CreateBuilder<Problem>();

        public ImmutableArray<Problem> Problems => problems.ToImmutable();

        public Map Properties(ImmutableArray<Field> fields, Map map, string path, bool secret)
        {
            foreach (var stranger in map.Items.Keys.Where(key => !InternalName.Is(key) && fields.All(field => field.Name != key)))
            {
                problems.Add(new(PropertyPath.Property(path, stranger), Unknown(stranger, [.. fields.Select(field => field.Name)])));
            }

            foreach (var field in fields)
            {
                var at = PropertyPath.Property(path, field.Name);
                if ((map[field.Name] ?? field.Default) is { } value)
                {
                    map = map.With(field.Name, Judged(field, value, at, secret));
                }
                else if (field.Required || field.AutoNamed)
                {
                    problems.Add(new(at, $"is required: write {field.Expected}."));
                }
            }

            return map;
        }

        private Value Judged(Field field, Value value, string path, bool secret)
        {
            value = value with { Secret = value.Secret || field.Secret };
            secret |= value.Secret;
            if (value is Unknown)
            {
                return value;
            }

            if (field.Fit(value) is not { } fitting)
            {
                problems.Add(new(path, $"{Wording.Quote(value with { Secret = secret })} {field.Misfit?.Invoke(value) ?? $"does not fit: write {field.Expected}."}"));
                return value;
            }

            ApplyRules(field.Rules, fitting, path, secret);
            return (field.Kind, value) switch
            {
                (Kind.Object, Map map) => Properties(field.Fields, map, path, secret),
                (Kind.Map, Map map) => Entries(field, map, path, secret),
                (Kind.List, List list) => list with { Items = [.. list.Items.Select((item, i) => Judged(field.Element!, item, PropertyPath.Index(path, i), secret))] },
                _ => value,
            };
        }

        private Map Entries(Field field, Map map, string path, bool secret)
        {
            foreach (var (key, value) in map.Items)
            {
                // A secret map's keys are as secret as its values.
                var at = secret ? path : PropertyPath.Key(path, key);
                ApplyRules(field.KeyRules, new StringValue(key), at, secret);
                map = map.With(key, Judged(field.Element!, value, at, secret));
            }

            return map;
        }

        private void ApplyRules(ImmutableArray<Func<Value, string?>> rules, Value value, string path, bool secret) =>
            problems.AddRange(rules.Select(rule => rule(value with { Secret = secret })).OfType<string>().Select(reason => new Problem(path, reason)));

        private static string Unknown(string name, IReadOnlyList<string> known) =>
            NameSuggestion.To(name, known) is { } meant ? $"is not known here: did you mean {Wording.Quote(meant)}?"
            : known.Count == 0 ? "is not known here: remove it."
            : $"is not known here: write {Wording.Either(known)}.";
    }
}
