using System.Globalization;
using System.Text.RegularExpressions;
using Tfplugin6;
using Step = Tfplugin6.AttributePath.Types.Step;

namespace PgFleet.Protocols.Terraform;

/// <summary>Property paths as Terraform's steps, and as its users write them.</summary>
internal static partial class TerraformPaths
{
    /// <summary>Null for the resource as a whole.</summary>
    public static AttributePath? Of(string path)
    {
        var steps = new AttributePath();
        foreach (Match match in Parts().Matches(path))
        {
            steps.Steps.Add(
                match.Groups["key"].Success ? new Step { ElementKeyString = match.Groups["key"].Value.Replace("\\\"", "\"", StringComparison.Ordinal) }
                : match.Groups["index"].Success ? new Step { ElementKeyInt = long.Parse(match.Groups["index"].ValueSpan, CultureInfo.InvariantCulture) }
                : new Step { AttributeName = TerraformNames.Attribute(match.Groups["name"].Value) });
        }
        return steps.Steps.Count == 0 ? null : steps;
    }

    public static string Text(string path) => Parts().Replace(path, match =>
        match.Groups["name"].Success ? match.Value.Replace(match.Groups["name"].Value, TerraformNames.Attribute(match.Groups["name"].Value), StringComparison.Ordinal) : match.Value);

    /// <summary>The name of the top-level property.</summary>
    public static string Top(string path) => path.Split('.', '[')[0];

    [GeneratedRegex("""\["(?<key>(?:[^"\\]|\\.)*)"\]|\[(?<index>[0-9]+)\]|\.?(?<name>[^.\[]+)""")]
    private static partial Regex Parts();
}
