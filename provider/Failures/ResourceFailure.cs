namespace PgFleet.Failures;

/// <summary>
/// An expected failure of the environment: the operating system, a server, the user's input. Any other exception that reaches a protocol is a bug of the
/// provider.
/// </summary>
/// <param name="kind">The category, which each protocol maps to its own status.</param>
/// <param name="what">What happened, with the object and the value concerned. Ends with a full stop; holds no secret.</param>
/// <param name="remedy">What the user can do about it. Ends with a full stop.</param>
/// <param name="cause">The underlying exception, for the log.</param>
internal sealed class ResourceFailure(FailureKind kind, Message what, Message remedy, Exception? cause = null) : Exception(null, cause)
{
    public FailureKind Kind { get; } = kind;

    public Message What { get; } = what;

    public Message Remedy { get; } = remedy;

    public Message Text { get; } = Failures.Message.Of($"{what} {remedy}");

    /// <summary>The message for the log; users see <see cref="Text"/>.</summary>
    public override string Message => Text.ToString();

    /// <summary>True if repeating the operation would fail the same way, regardless of what the user corrects.</summary>
    public bool IsFinal { get; init; }
}
