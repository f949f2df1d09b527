namespace PgFleet.Failures;

/// <summary>Why the environment refused an operation. Each protocol maps a kind to its own status.</summary>
internal enum FailureKind
{
    /// <summary>The input cannot be carried out as written.</summary>
    Refused,

    /// <summary>The thing named does not exist.</summary>
    Missing,

    /// <summary>The thing named exists already or is in use.</summary>
    Conflict,

    /// <summary>The operating system or the server denies access.</summary>
    Denied,

    /// <summary>The server, or a program that is needed, cannot be reached now.</summary>
    Unavailable,

    /// <summary>A disk, a port range or a connection limit is used up.</summary>
    Exhausted,

    /// <summary>The deadline of the operation passed.</summary>
    TimedOut,
}
