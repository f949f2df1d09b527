using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace PgFleet.Schema.Types;

/// <summary>An instant in RFC 3339 format, truncated to PostgreSQL's microseconds, or "latest". Compared by instant.</summary>
[JsonConverter(typeof(SemanticValueConverter<RestoreTime>))]
internal sealed partial record RestoreTime : ISemanticValue<RestoreTime>
{
    private const string Latest = "latest";

    private readonly string text;

    private RestoreTime(string text, DateTimeOffset? instant) => (this.text, Instant) = (text, instant);

    public static string Expected => "an instant with its zone, such as \"2026-01-31T12:00:00Z\" or \"2026-01-31T14:00:00.25+02:00\", or \"latest\"";

    /// <summary>The instant in whole microseconds, UTC; null: the latest that can be reached.</summary>
    public DateTimeOffset? Instant { get; }

    public static RestoreTime? Parse(string text) =>
        text == Latest ? new(text, null)
        : Written().Match(text) is { Success: true } match && match.Groups["zone"].Success && InstantOf(match) is { } instant ? new(text, instant)
        : null;

    public static RestoreTime Of(DateTimeOffset? instant) =>
        instant is { } at ? new(at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'", CultureInfo.InvariantCulture), at) : new(Latest, null);

    public static string? Misfit(string text) =>
        Written().Match(text) is not { Success: true } match ? null
        : !match.Groups["zone"].Success ? "has no zone, and would be another instant on another machine: append Z for UTC, or an offset such as +02:00."
        : InstantOf(match) is null ? "is no date and time of the calendar: correct the month, the day, the time or the offset."
        : null;

    public bool Equals(RestoreTime? other) => other is not null && Instant == other.Instant;

    public override int GetHashCode() => Instant.GetHashCode();

    public override string ToString() => text;

    private static DateTimeOffset? InstantOf(Match match)
    {
        var zone = match.Groups["zone"].Value switch
        {
            "Z" or "z" => "+00:00",
            { Length: 3 } hours => $"{hours}:00",
            var whole => whole,
        };
        return DateTimeOffset.TryParseExact(
            $"{match.Groups["day"].Value}T{match.Groups["time"].Value}{zone}", "yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out var seconds)
            ? seconds.AddTicks(Microseconds(match.Groups["fraction"].Value) * TimeSpan.TicksPerMicrosecond)
            : null;
    }

    /// <summary>Truncates instead of rounding: rounding up could include a later commit.</summary>
    private static long Microseconds(string fraction) => long.Parse(fraction.PadRight(6, '0')[..6], CultureInfo.InvariantCulture);

    // RFC 3339, section 5.6: T and Z in either case, and a space instead of T for readability. PostgreSQL prints a zone of whole hours without minutes.
    [GeneratedRegex(@"\A(?<day>[0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ](?<time>[0-9]{2}:[0-9]{2}:[0-9]{2})(\.(?<fraction>[0-9]+))?(?<zone>[Zz]|[+-][0-9]{2}(:[0-9]{2})?)?\z")]
    private static partial Regex Written();
}
