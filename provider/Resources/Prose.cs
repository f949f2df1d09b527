namespace PgFleet.Resources;

/// <summary>The description of a resource or function, embedded from the Markdown file beside its code.</summary>
internal static class Prose
{
    /// <summary>Returns the description of a resource or function, such as <c>DatabaseInstance</c>.</summary>
    public static string Of(string name)
    {
        using var stream = typeof(Prose).Assembly.GetManifestResourceStream($"{name}.md")
            ?? throw new InvalidOperationException($"{name}.md is not embedded.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().Trim();
    }
}
