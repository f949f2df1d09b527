using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;

namespace PgFleet.Schema.Types;

/// <summary>A positive length of time in days, hours, minutes and seconds: "24h", "90m", "1h30m". Compared by length.</summary>
[JsonConverter(typeof(SemanticValueConverter<Duration>))]
internal sealed partial record Duration : ISemanticValue<Duration>
{
    private readonly string text;

    private Duration(string text, TimeSpan length) => (this.text, Length) = (text, length);

    public static string Expected => "a length of time, such as \"24h\", \"90m\" or \"1h30m\"";

    public TimeSpan Length { get; }

    public static Duration? Parse(string text)
    {
        var match = Parts().Match(text);
        var length = Part("d") * TimeSpan.FromDays(1) + Part("h") * TimeSpan.FromHours(1) + Part("m") * TimeSpan.FromMinutes(1) + Part("s") * TimeSpan.FromSeconds(1);
        return length > TimeSpan.Zero ? new(text, length) : null;

        int Part(string unit) => match.Groups[unit] is { Success: true } part ? int.Parse(part.ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>Formats a positive length of whole seconds.</summary>
    public static Duration Of(TimeSpan length)
    {
        var text = string.Concat(
            Part((int)length.TotalHours, "h"), Part(length.Minutes, "m"), Part(length.Seconds, "s"));
        return Parse(text) ?? throw new ArgumentOutOfRangeException(nameof(length));

        static string Part(int count, string unit) => count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count}{unit}");
    }

    public bool Equals(Duration? other) => other is not null && Length == other.Length;

    public override int GetHashCode() => Length.GetHashCode();

    public override string ToString() => text;

    // Seven digits of each part still fit into a TimeSpan.
    [GeneratedRegex(@"\A((?<d>[0-9]{1,7})d)?((?<h>[0-9]{1,7})h)?((?<m>[0-9]{1,7})m)?((?<s>[0-9]{1,7})s)?\z")]
    private static partial Regex Parts();
}
