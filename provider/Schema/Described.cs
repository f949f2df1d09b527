using PgFleet.Failures;

namespace PgFleet.Schema;

/// <summary>A resource or a function, as input for schemas and reference pages.</summary>
/// <param name="Name">The name: "DatabaseInstance", "getInstance".</param>
/// <param name="Prose">The description in Markdown, without a title.</param>
/// <param name="Shape">The properties.</param>
internal sealed record Described(string Name, Message Prose, ResourceSchema Shape);
