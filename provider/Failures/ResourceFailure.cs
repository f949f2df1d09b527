namespace PgFleet.Failures;

/// <summary>The world said no. Any other exception that reaches a protocol is a bug of the provider.</summary>
/// <param name="kind">What each protocol maps to its own status.</param>
/// <param name="what">What is the case, with the object and the value that is wrong. Ends with a full stop; holds no secret.</param>
/// <param name="remedy">What the user can do about it. Ends with a full stop.</param>
/// <param name="cause">The exception underneath, for the log.</param>
internal sealed class ResourceFailure(FailureKind kind, string what, string remedy, Exception? cause = null)
    : Exception($"{what} {remedy}", cause)
{
    public FailureKind Kind { get; } = kind;

    public string What { get; } = what;

    public string Remedy { get; } = remedy;

    /// <summary>The same work would come to the same end, whatever the user corrects.</summary>
    public bool IsFinal { get; init; }
}
