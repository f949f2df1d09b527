using PgFleet.Failures;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace PgFleet.Applications;

/// <summary>A node of a YAML text, with the place where it stands in it.</summary>
/// <param name="Value">Of a scalar; null for every other node.</param>
/// <param name="IsPlain">A scalar without quotes.</param>
/// <param name="IsInline">Written on a line: no block scalar, and no mapping or sequence of lines.</param>
/// <param name="IsMarked">With an anchor or a tag before it, which others may refer to.</param>
/// <param name="Entries">Of a mapping; null for every other node.</param>
internal sealed record YamlPlace(int Start, int End, string? Value, bool IsPlain, bool IsInline, bool IsMarked, IReadOnlyList<(YamlPlace Key, YamlPlace Value)>? Entries)
{
    public YamlPlace? this[string key] => Entries?.FirstOrDefault(entry => entry.Key.Value == key).Value;

    public bool IsEmpty => Value is "" && Start == End;
}

/// <summary>Finds the places in a YAML text of one document.</summary>
internal static class YamlText
{
    /// <returns>The root; null for a text without any.</returns>
    /// <exception cref="ResourceFailure">The text is more than one document.</exception>
    /// <exception cref="YamlException">It is no YAML.</exception>
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
