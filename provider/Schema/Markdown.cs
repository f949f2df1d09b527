using System.Text.RegularExpressions;
using PgFleet.Failures;

namespace PgFleet.Schema;

/// <summary>Parses the descriptions of declarations: a name in backticks is a term, and so is an import command.</summary>
internal static partial class Markdown
{
    public static Message Read(string prose)
    {
        var parts = new List<MessagePart>();
        var end = 0;
        foreach (Match match in Terms().Matches(prose))
        {
            parts.Add(new(PartKind.Text, prose[end..match.Index]));
            parts.Add(Part(match));
            end = match.Index + match.Length;
        }
        return new([.. parts, new(PartKind.Text, prose[end..])]);
    }

    private static MessagePart Part(Match match) =>
        match.Groups["import"].Success ? Term.Import(match.Groups["type"].Value, match.Groups["name"].Value, match.Groups["id"].Value).Part
        : match.Groups["resource"].Success ? Term.Resource(match.Value).Part
        : match.Groups["function"].Success ? Term.Function(match.Value).Part
        : Term.Property(match.Value).Part;

    // A name in lower case may be a value instead; it is spelled the same in every front end, also as a part of a path.
    [GeneratedRegex("""
        (?<import>pulumi\ import\ pgfleet:index:(?<type>\w+)\ (?<name>\S+)\ (?<id>\S+))
        |(?<=`)(?:(?<resource>[A-Z][a-z]+(?:[A-Z][a-z]+)*)|(?<function>(?:get|list)[A-Z]\w+)|(?<property>[a-z]+(?:[A-Z][a-z]+)*(?:\.[a-z]+(?:[A-Z][a-z]+)*)*))(?=`)
        """, RegexOptions.IgnorePatternWhitespace)]
    private static partial Regex Terms();
}
