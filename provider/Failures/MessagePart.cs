namespace PgFleet.Failures;

/// <summary>A piece of a <see cref="Message"/>.</summary>
/// <param name="Kind">How it is to be read.</param>
/// <param name="Text">The text itself, or the name as declared.</param>
/// <param name="Name">Of an import: what the program may call it.</param>
/// <param name="Id">Of an import: by which it is found.</param>
internal sealed record MessagePart(PartKind Kind, string Text, string Name = "", string Id = "");

internal enum PartKind
{
    /// <summary>The same for all fronts: our own words, or the user's.</summary>
    Text,

    Property,

    Resource,

    Function,

    Import,
}
