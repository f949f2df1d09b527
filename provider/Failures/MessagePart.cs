namespace PgFleet.Failures;

/// <summary>A part of a <see cref="Message"/>.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">The text itself, or the declared name.</param>
/// <param name="Name">For an import: the resource's name in the program.</param>
/// <param name="Id">For an import: the id of the object.</param>
internal sealed record MessagePart(PartKind Kind, string Text, string Name = "", string Id = "");

internal enum PartKind
{
    /// <summary>Text that is the same for all front ends.</summary>
    Text,

    Property,

    Resource,

    Function,

    Import,
}
