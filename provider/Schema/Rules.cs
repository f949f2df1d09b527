using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace PgFleet.Schema;

/// <summary>Builds rules from a property's attributes: they apply to its value, to each item of a list, or to each key of a map.</summary>
internal static class Rules
{
    public static ImmutableArray<Func<Value, string?>> Of(JsonPropertyInfo property) =>
        [.. (property.AttributeProvider?.GetCustomAttributes(inherit: true) ?? []).Select(Of).OfType<Func<Value, string?>>()];

    private static Func<Value, string?>? Of(object attribute) => attribute switch
    {
        PatternAttribute pattern => Pattern(pattern),
        ReservedAttribute reserved => Unless(
            value => value is StringValue text && reserved.Names.Contains(text.Value),
            value => $"{Wording.Quote(value)} is reserved: choose another."),
        OneOfAttribute oneOf => Unless(
            value => value is StringValue text && !oneOf.Values.Contains(text.Value),
            value => $"{Wording.Quote(value)} is not allowed: write {Wording.Either(oneOf.Values)}."),
        BetweenAttribute between => Unless(
            value => value is NumberValue number && (number.Value < between.Least || number.Value > between.Most),
            value => string.Create(CultureInfo.InvariantCulture, $"{Wording.Quote(value)} is not allowed: write a number from {between.Least} to {between.Most}.")),
        _ => null,
    };

    private static Func<Value, string?> Pattern(PatternAttribute pattern)
    {
        var whole = new Regex($@"\A(?:{pattern.Regex})\z", RegexOptions.CultureInvariant);
        return Unless(
            value => value is StringValue text && !whole.IsMatch(text.Value),
            value => $"{Wording.Quote(value)} is not allowed: {pattern.Advice.TrimEnd('.')}.");
    }

    private static Func<Value, string?> Unless(Predicate<Value> breaks, Func<Value, string> reason) =>
        value => breaks(value) ? reason(value) : null;
}
