namespace PgFleet.Failures;

/// <summary>A name of ours in a <see cref="Message"/>, which each front spells as its users write it.</summary>
/// <remarks>
/// A ref struct can stand in a <see cref="Message"/>, which takes it as it is, and nowhere else: a string interpolated with it does not compile, so no
/// term turns into a word of one front by oversight. Where the compiler takes <c>$"…"</c> for a string, as in <c>a ? $"…" : $"…"</c>,
/// <see cref="Message.Of"/> says otherwise.
/// </remarks>
internal readonly ref struct Term
{
    private Term(MessagePart part) => Part = part;

    public MessagePart Part { get; }

    /// <param name="path">As declared: <c>restoreTime</c>, <c>backup.onDelete</c>.</param>
    public static Term Property(string path) => new(new(PartKind.Property, path));

    /// <param name="name">As declared: <c>DatabaseInstance</c>.</param>
    public static Term Resource(string name) => new(new(PartKind.Resource, name));

    /// <param name="name">As declared: <c>getRecoveryWindow</c>.</param>
    public static Term Function(string name) => new(new(PartKind.Function, name));

    /// <summary>The command that takes over what is there.</summary>
    /// <param name="resource">As declared.</param>
    /// <param name="name">What the program may call it.</param>
    /// <param name="id">By which it is found.</param>
    public static Term Import(string resource, string name, string id) => new(new(PartKind.Import, resource, name, id));
}
