namespace PgFleet.Schema;

/// <summary>A resource or a function, as the writers of schemas and reference pages take it.</summary>
/// <param name="Name">"DatabaseInstance", "getInstance".</param>
/// <param name="Prose">Markdown, without a title.</param>
/// <param name="Shape">Its properties.</param>
internal sealed record Described(string Name, string Prose, ResourceSchema Shape);
