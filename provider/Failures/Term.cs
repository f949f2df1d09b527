namespace PgFleet.Failures;

/// <summary>A declared name in a <see cref="Message"/>, which each front end spells as its users write it.</summary>
/// <remarks>
/// A ref struct, so that it can be interpolated only into a <see cref="Message"/>: a string interpolated with it does not compile, so that no term is
/// spelled for one front end by mistake. Where the compiler would convert <c>$"…"</c> to a string, as in <c>a ? $"…" : $"…"</c>, use
/// <see cref="Message.Of"/>.
/// </remarks>
internal readonly ref struct Term
{
    private Term(MessagePart part) => Part = part;

    public MessagePart Part { get; }

    /// <param name="path">The declared path: <c>restoreTime</c>, <c>backup.onDelete</c>.</param>
    public static Term Property(string path) => new(new(PartKind.Property, path));

    /// <param name="name">The declared name: <c>DatabaseInstance</c>.</param>
    public static Term Resource(string name) => new(new(PartKind.Resource, name));

    /// <param name="name">The declared name: <c>getRecoveryWindow</c>.</param>
    public static Term Function(string name) => new(new(PartKind.Function, name));

    /// <summary>The command that imports an existing object.</summary>
    /// <param name="resource">The declared name of the resource.</param>
    /// <param name="name">The resource's name in the program.</param>
    /// <param name="id">The id of the object.</param>
    public static Term Import(string resource, string name, string id) => new(new(PartKind.Import, resource, name, id));
}
