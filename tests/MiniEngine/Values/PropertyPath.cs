using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MiniEngine.Values;

/// <summary>A place inside a map, as in <c>a.b["c.d"][0]</c>; <c>*</c> and <c>[*]</c> mean every key or item (protocol 3).</summary>
internal sealed partial record PropertyPath(ImmutableArray<string> Steps)
{
    public const string Any = "*";

    public static PropertyPath Empty { get; } = new([]);

    public static PropertyPath Parse(string text)
    {
        var steps = ImmutableArray.CreateBuilder<string>();
        var at = 0;
        while (at < text.Length)
        {
            var match = Step().Match(text, at);
            if (!match.Success || match.Length == 0)
                throw new UserException($"The property path \"{text}\" cannot be read at \"{text[at..]}\". Write a.b, a[\"b.c\"] or a[0].");
            steps.Add(match.Groups["quoted"].Success ? Regex.Unescape(match.Groups["quoted"].Value) : match.Groups["step"].Value);
            at += match.Length;
        }
        return new(steps.ToImmutable());
    }

    public PropertyPath Then(string step) => new(Steps.Add(step));

    public PropertyPath Then(int index) => Then(index.ToString(CultureInfo.InvariantCulture));

    /// <summary>True if the other path is this one, or inside it.</summary>
    public bool Covers(PropertyPath other) =>
        Steps.Length <= other.Steps.Length && Steps.Zip(other.Steps).All(pair => pair.First is Any || pair.First == pair.Second);

    /// <summary>The value at the path, secret if any value on the way is; null if there is none.</summary>
    public Value? Find(Value? root) => Steps.Aggregate(root, Child);

    public static Value? Child(Value? value, string step) => value switch
    {
        Secret secret => Child(secret.Inner, step)?.AsSecret(),
        Unknown => value,
        Map map => map[step],
        List list when int.TryParse(step, CultureInfo.InvariantCulture, out var index) && index >= 0 && index < list.Items.Length => list.Items[index],
        _ => null,
    };

    public bool Equals(PropertyPath? other) => other is not null && Steps.SequenceEqual(other.Steps);

    public override int GetHashCode() => Steps.Length;

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var step in Steps)
            text.Append(Name().IsMatch(step) ? (text.Length > 0 ? "." : "") + step : int.TryParse(step, out _) ? $"[{step}]" : $"[\"{step}\"]");
        return text.ToString();
    }

    [GeneratedRegex("""\G(?:\[(?:"(?<quoted>(?:[^"\\]|\\.)*)"|(?<step>\d+|\*))\]|\.?(?<step>[^.\[\]"]+))""")]
    private static partial Regex Step();

    [GeneratedRegex("""^[^.\[\]"0-9][^.\[\]"]*$""")]
    private static partial Regex Name();
}
