using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json.Serialization.Metadata;
using PgFleet.Security;

namespace PgFleet.Schema;

/// <summary>
/// How a simple CLR type is represented. The generated contract does not distinguish strings, numbers and our own structs, so each type has an
/// entry here; our own types bring theirs with <see cref="SemanticValueConverter{T}"/>.
/// YAML and stack configuration may represent a value by any simple kind, so 15 fits a string, "15" a number, and "true" a boolean.
/// </summary>
internal sealed class Scalar(Kind kind, string expected, Func<Value, Value?> fit, Func<Value, Value, bool>? same = null, Func<string, string?>? misfit = null, bool secret = false)
{
    private const string ExactTime = "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK";

    /// <summary>The largest integer that a double represents exactly along with its neighbours.</summary>
    private const double Exact = 9007199254740991;

    private static readonly FrozenDictionary<Type, Scalar> Table = new Dictionary<Type, Scalar>
    {
        [typeof(string)] = new(Kind.String, "a text", AsText),
        [typeof(Secret)] = new(Kind.String, "a text", AsText, secret: true),
        [typeof(int)] = new(Kind.Integer, "a whole number", value => AsInteger(value, int.MinValue, int.MaxValue)),
        [typeof(long)] = new(Kind.Integer, "a whole number", value => AsInteger(value, -Exact, Exact)),
        [typeof(double)] = new(Kind.Number, "a number", AsNumber),
        [typeof(bool)] = new(Kind.Boolean, "true or false", AsFlag),
        [typeof(DateTimeOffset)] = new(
            Kind.String,
            "a point in time, such as \"2026-01-31T12:00:00Z\"",
            value => AsText(value) is { } text && Instant(text.Value) is not null ? text : null,
            (left, right) => Instant(((StringValue)left).Value) == Instant(((StringValue)right).Value)),
    }.ToFrozenDictionary();

    public Kind Kind => kind;

    public string Expected => expected;

    /// <summary>True for secrets; every output that depends on one is secret too.</summary>
    public bool Secret => secret;

    public static Scalar? Of(JsonTypeInfo type) =>
        type.Converter is ISemanticValueConverter meaning
            ? new(
                Kind.String,
                meaning.Expected,
                value => AsText(value) is { } text && meaning.Fits(text.Value) ? text : null,
                (left, right) => meaning.Same(((StringValue)left).Value, ((StringValue)right).Value),
                meaning.Misfit)
            : Table.GetValueOrDefault(type.Type);

    public Value? Fit(Value value) => fit(value);

    /// <summary>Explains why a value does not fit, and what to write instead.</summary>
    public string Misfit(Value value) => (value is StringValue text ? misfit?.Invoke(text.Value) : null) ?? $"does not fit: write {expected}.";

    public bool Same(Value left, Value right) =>
        fit(left) is { } x && fit(right) is { } y ? same?.Invoke(x, y) ?? x.Equals(y) : left.Equals(right);

    private static StringValue? AsText(Value value) => value switch
    {
        StringValue text => text,
        NumberValue number => new(number.Value.ToString(CultureInfo.InvariantCulture), number.Secret),
        BoolValue flag => new(flag.Value ? "true" : "false", flag.Secret),
        _ => null,
    };

    private static NumberValue? AsInteger(Value value, double least, double most)
    {
        var number = value switch
        {
            NumberValue given => given,
            StringValue text when long.TryParse(text.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var amount) => new(amount, text.Secret),
            _ => null,
        };
        return number is not null && double.IsInteger(number.Value) && number.Value >= least && number.Value <= most ? number : null;
    }

    private static NumberValue? AsNumber(Value value) => value switch
    {
        NumberValue number when double.IsFinite(number.Value) => number,
        StringValue text when double.TryParse(text.Value, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var amount)
            && double.IsFinite(amount) => new(amount, text.Secret),
        _ => null,
    };

    private static BoolValue? AsFlag(Value value) => value switch
    {
        BoolValue flag => flag,
        StringValue { Value: "true" or "false" } text => new(text.Value == "true", text.Secret),
        _ => null,
    };

    private static DateTimeOffset? Instant(string text) =>
        text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > text.IndexOf('T', StringComparison.Ordinal)
            ? DateTimeOffset.TryParseExact(text, ExactTime, CultureInfo.InvariantCulture, DateTimeStyles.None, out var instant) ? instant : null
            : null;
}
