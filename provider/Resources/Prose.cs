using PgFleet.Failures;
using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>The description of a resource or function, embedded from the Markdown file beside its code.</summary>
internal static class Prose
{
    /// <summary>Returns the description of a resource or function, such as <c>DatabaseInstance</c>.</summary>
    public static Message Of(string name)
    {
        using var stream = typeof(Prose).Assembly.GetManifestResourceStream($"{name}.md")
            ?? throw new InvalidOperationException($"{name}.md is not embedded.");
        using var reader = new StreamReader(stream);
        return Markdown.Read(reader.ReadToEnd().Trim());
    }
}
