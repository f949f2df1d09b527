using System.Collections.Immutable;
using System.Text;
using MiniEngine.Values;

namespace MiniEngine.Programs;

/// <summary>Text with <c>${…}</c> in it; <c>$${</c> stands for <c>${</c> itself. Text that is one reference keeps the reference's type.</summary>
internal static class Interpolation
{
    public static Expression Read(YamlTree tree, string text)
    {
        var parts = ImmutableArray.CreateBuilder<Expression>();
        var plain = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (Starts(text, at, "$${"))
            {
                plain.Append("${");
                at += 2;
            }
            else if (Starts(text, at, "${"))
            {
                var end = End(tree, text, at + 2);
                Flush(plain, parts);
                parts.Add(ReadAccess(tree, text[(at + 2)..end]));
                at = end;
            }
            else
            {
                plain.Append(text[at]);
            }
        }
        Flush(plain, parts);
        return parts switch
        {
            [] => new Literal(new Text("")),
            [var only] => only,
            _ => new Template(parts.ToImmutable(), tree.Where),
        };
    }

    /// <summary>The resource named by text that is nothing but <c>${name}</c>.</summary>
    public static string ReadName(YamlTree tree) =>
        Read(tree, tree.Text()) is Access { Path.Steps: [] } access ? access.Name : throw tree.Refuse($"is \"{tree.Text()}\". Write ${{name}}, the name being a resource's.");

    private static bool Starts(string text, int at, string mark) => text.AsSpan(at).StartsWith(mark, StringComparison.Ordinal);

    private static int End(YamlTree tree, string text, int at)
    {
        for (var quoted = false; at < text.Length; at++)
        {
            if (text[at] == '"')
                quoted = !quoted;
            else if (text[at] == '}' && !quoted)
                return at;
        }
        throw tree.Refuse("has a \"${\" without its \"}\". Close it, or write \"$${\" for the characters themselves.");
    }

    private static Access ReadAccess(YamlTree tree, string inside)
    {
        var path = PropertyPath.Parse(inside.Trim());
        return path.Steps is [var name, .. var rest]
            ? new(name, new(rest), tree.Where)
            : throw tree.Refuse("has an empty \"${}\". Name what is to stand there.");
    }

    private static void Flush(StringBuilder plain, ImmutableArray<Expression>.Builder parts)
    {
        if (plain.Length > 0)
            parts.Add(new Literal(new Text(plain.ToString())));
        plain.Clear();
    }
}
