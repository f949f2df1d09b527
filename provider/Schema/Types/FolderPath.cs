using System.Text.Json.Serialization;

namespace PgFleet.Schema.Types;

/// <summary>
/// The path of a folder. Paths are equal if they are lexically equivalent: "/a/b", "/a/b/", "/a//b", "/a/./b" and "/a/c/../b". Links are not
/// followed, because a plan does not access the disk.
/// </summary>
[JsonConverter(typeof(SemanticValueConverter<FolderPath>))]
internal sealed record FolderPath : ISemanticValue<FolderPath>
{
    private readonly string text, meaning;

    private FolderPath(string text) => (this.text, meaning) = (text, Meaning(text));

    public static string Expected => "the path of a folder";

    public static FolderPath? Parse(string text) => text.Length == 0 || text.Contains('\0', StringComparison.Ordinal) ? null : new(text);

    public static FolderPath? Of(string? text) => text is null ? null : Parse(text);

    public bool Equals(FolderPath? other) => other is not null && meaning == other.meaning;

    public override int GetHashCode() => meaning.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => text;

    private static string Meaning(string text)
    {
        var parts = new List<string>();
        foreach (var part in text.Split('/').Where(part => part is not ("" or ".")))
        {
            if (part == ".." && (text[0] == '/' || (parts.Count > 0 && parts[^1] != "..")))
            {
                parts.RemoveRange(Math.Max(0, parts.Count - 1), Math.Min(1, parts.Count));
            }
            else
            {
                parts.Add(part);
            }
        }
        return (text[0] == '/' ? "/" : "") + string.Join('/', parts);
    }
}
