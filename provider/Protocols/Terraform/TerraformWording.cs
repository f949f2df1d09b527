using System.Text.RegularExpressions;

namespace PgFleet.Protocols.Terraform;

/// <summary>
/// What the core tells in the words of its declarations and of Pulumi's commands, in Terraform's. What stands in quotes is the user's own, and so is what a
/// failed command printed.
/// </summary>
internal static partial class TerraformWording
{
    public static string Of(string text) => Words().Replace(text, match =>
        match.Groups["import"].Success ? $"terraform import {TerraformNames.Resource(match.Groups["type"].Value)}.NAME"
        : match.Groups["resource"].Success ? TerraformNames.Resource(match.Value)
        : match.Groups["function"].Success ? TerraformNames.DataSource(match.Value)
        : match.Groups["property"].Success ? TerraformNames.Attribute(match.Value)
        : match.Value);

    // A quotation mark in a name of the user's leaves what quotes what in doubt, and no command is taken for a quotation. An import command names the resource
    // as the program does, which in Terraform is an address. Of the declared names, those of one word are spelt alike in both.
    [GeneratedRegex("""
        ^command:\ (?s:.*)\n\n
        |"(?:(?!pulumi\ import\ pgfleet:)[^"\n])*"
        |(?<import>pulumi\ import\ pgfleet:index:(?<type>\w+)\ (?:'(?:[^']|'\\'')*'|\S+))
        |(?<resource>\b[A-Z][a-z]+Instance\b|(?<=`)(?:Database|Application)(?=`))
        |(?<function>\b(?:get|list)[A-Z]\w+\b)
        |(?<property>\b[a-z]+(?:[A-Z][a-z]+)+\b|(?<=`)connection(?=`))
        """, RegexOptions.IgnorePatternWhitespace | RegexOptions.Multiline)]
    private static partial Regex Words();
}
