using System.Globalization;
using System.Text.RegularExpressions;
using Tfplugin6;
using Selector = Tfplugin6.AttributePath.Types.Step.SelectorOneofCase;
using Step = Tfplugin6.AttributePath.Types.Step;

namespace PgFleet.Protocols.Terraform;

/// <summary>Converts property paths to Terraform's steps, and to the notation of its users.</summary>
internal static partial class TerraformPaths
{
    /// <summary>The path in steps; null for the resource as a whole. It ends before a nested attribute, for which Terraform finds no line.</summary>
    public static AttributePath? Of(string path)
    {
        var steps = Parts().Matches(path).Select(Step).ToList();
        var inner = steps.FindIndex(Math.Min(1, steps.Count), step => step.SelectorCase == Selector.AttributeName);
        return steps.Count == 0 ? null : new() { Steps = { inner < 0 ? steps : steps[..inner] } };
    }

    public static string Text(string path) => Parts().Replace(path, match =>
        match.Groups["name"].Success ? match.Value.Replace(match.Groups["name"].Value, TerraformNames.Attribute(match.Groups["name"].Value), StringComparison.Ordinal) : match.Value);

    /// <summary>The name of the top-level property.</summary>
    public static string Top(string path) => path.Split('.', '[')[0];

    private static Step Step(Match match) =>
        match.Groups["key"].Success ? new() { ElementKeyString = match.Groups["key"].Value.Replace("\\\"", "\"", StringComparison.Ordinal) }
        : match.Groups["index"].Success ? new() { ElementKeyInt = long.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture) }
        : new() { AttributeName = TerraformNames.Attribute(match.Groups["name"].Value) };

    [GeneratedRegex("""\["(?<key>(?:[^"\\]|\\.)*)"\]|\[(?<index>[0-9]+)\]|\.?(?<name>[^.\[]+)""")]
    private static partial Regex Parts();
}
