using System.Collections.Immutable;
using System.Text;

namespace PgFleet.Schema.Docs;

/// <summary>Writes the reference page of a resource or a function in Markdown.</summary>
internal static class ResourcePage
{
    /// <returns>A text that is the same for the same declarations, and ends with a line break.</returns>
    public static string Write(Described described)
    {
        var page = new StringBuilder().Append($"# {described.Name}\n\n{described.Prose.ToString().Trim()}\n");
        Section(page, "Inputs", described.Shape.Inputs);
        Section(page, "Outputs", described.Shape.Outputs);
        return page.ToString();
    }

    private static void Section(StringBuilder page, string title, ImmutableArray<Field> fields)
    {
        if (fields.IsEmpty)
        {
            return;
        }

        page.Append($"\n## {title}\n");
        Table(page, fields);
        foreach (var (path, record) in Records("", fields))
        {
            page.Append($"\n### `{path}`\n");
            Table(page, record.Fields);
        }
    }

    private static void Table(StringBuilder page, ImmutableArray<Field> fields)
    {
        page.Append("\n| property | type | | description |\n|---|---|---|---|\n");
        foreach (var field in fields)
        {
            page.Append($"| `{field.Name}` | {Type(field)} | {string.Join(", ", Marks(field))} | {Cell(field.Description.ToString())} |\n");
        }
    }

    /// <summary>The records among the fields, each followed by those nested in it, with the path that a user writes.</summary>
    private static IEnumerable<(string Path, Field Record)> Records(string parent, ImmutableArray<Field> fields) =>
        from field in fields
        let path = parent.Length == 0 ? field.Name : $"{parent}.{field.Name}"
        from found in field switch
        {
            { Kind: Kind.Object } => Record(path, field),
            { Kind: Kind.Map, Element: { Kind: Kind.Object } element } => Record($"{path}.<name>", element),
            { Kind: Kind.List, Element: { Kind: Kind.Object } element } => Record($"{path}[]", element),
            _ => [],
        }
        select found;

    private static IEnumerable<(string Path, Field Record)> Record(string path, Field record) => Records(path, record.Fields).Prepend((path, record));

    private static string Type(Field field) => field.Kind switch
    {
        Kind.String => "string",
        Kind.Integer => "integer",
        Kind.Number => "number",
        Kind.Boolean => "boolean",
        Kind.List => $"list of {Type(field.Element!)}",
        Kind.Map => $"map of {Type(field.Element!)}",
        _ => "object",
    };

    private static IEnumerable<string> Marks(Field field)
    {
        if (field.Input)
        {
            yield return field.Required ? "required"
                : field.Default is { } usual ? $"default `{Code(usual)}`"
                : field.OptionalComputed || field.AutoNamed ? "optional, else chosen and kept"
                : "optional";
        }
        else if (!field.Required)
        {
            yield return "may be absent";
        }

        if (field.Replaces)
        {
            yield return "a change replaces";
        }

        if (field.Secret)
        {
            yield return "secret";
        }
    }

    private static string Code(Value value) => value is StringValue { Value.Length: > 0 } text ? text.Value : value.ToString();

    private static string Cell(string text) => text.ReplaceLineEndings(" ").Replace("|", "\\|", StringComparison.Ordinal);
}
