using PgFleet.Failures;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgFleet.Applications;

/// <summary>A node of a YAML text with its position.</summary>
/// <param name="Start">The index of its first character.</param>
/// <param name="End">The index after its last character.</param>
/// <param name="Value">A scalar's value; null for other nodes.</param>
/// <param name="IsPlain">True for a scalar without quotes.</param>
/// <param name="IsInline">True if it is written inline: not a block scalar or a block mapping or sequence.</param>
/// <param name="IsMarked">True if an anchor or a tag precedes it; aliases may refer to it.</param>
/// <param name="Entries">A mapping's entries; null for other nodes.</param>
internal sealed record YamlPlace(int Start, int End, string? Value, bool IsPlain, bool IsInline, bool IsMarked, IReadOnlyList<(YamlPlace Key, YamlPlace Value)>? Entries)
{
    public YamlPlace? this[string key] => Entries?.FirstOrDefault(entry => entry.Key.Value == key).Value;

    public bool IsEmpty => Value is "" && Start == End;
}

/// <summary>Finds the positions of nodes in a YAML text of one document.</summary>
internal static class YamlText
{
    /// <returns>The root; null for an empty text.</returns>
    /// <exception cref="ResourceFailure">The text has more than one document.</exception>
    /// <exception cref="YamlException">The text is not YAML.</exception>
    public static YamlPlace? Read(string text)
    {
        var parser = new Parser(new StringReader(text));
        parser.Consume<StreamStart>();
        if (!parser.TryConsume<DocumentStart>(out _))
        {
            return null;
        }
        var root = Node(parser);
        return parser.Consume<DocumentEnd>().IsImplicit && parser.Accept<StreamEnd>(out _)
            ? root
            : throw new ResourceFailure(FailureKind.Refused, "It is more than one YAML document.", "Leave one, without an end mark.");
    }

    private static YamlPlace Node(Parser parser)
    {
        if (parser.TryConsume<Scalar>(out var scalar))
        {
            return Of(scalar, scalar) with
            {
                Value = scalar.Value,
                IsPlain = scalar.Style == ScalarStyle.Plain,
                IsInline = scalar.Style is not (ScalarStyle.Literal or ScalarStyle.Folded),
            };
        }
        if (parser.TryConsume<AnchorAlias>(out var alias))
        {
            return Of(alias, alias) with { IsInline = true };
        }
        if (parser.TryConsume<SequenceStart>(out var sequence))
        {
            while (!parser.Accept<SequenceEnd>(out _))
            {
                Node(parser);
            }
            return Of(sequence, parser.Consume<SequenceEnd>());
        }
        var mapping = parser.Consume<MappingStart>();
        var entries = new List<(YamlPlace, YamlPlace)>();
        while (!parser.Accept<MappingEnd>(out _))
        {
            entries.Add((Node(parser), Node(parser)));
        }
        return Of(mapping, parser.Consume<MappingEnd>()) with { IsInline = mapping.Style == MappingStyle.Flow, Entries = entries };
    }

    private static YamlPlace Of(ParsingEvent first, ParsingEvent last) => new(
        (int)first.Start.Index,
        (int)last.End.Index,
        Value: null,
        IsPlain: false,
        IsInline: false,
        IsMarked: first is NodeEvent node && first is not AnchorAlias && (!node.Anchor.IsEmpty || !node.Tag.IsEmpty),
        Entries: null);
}
