namespace PgFleet.Engines;

internal enum ServerStatus
{
    /// <summary>Made in part; the next create of this name goes on from where it stopped.</summary>
    Unfinished,

    /// <summary>Answers, and archives.</summary>
    Available,

    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>Runs, but does not answer or does not archive.</summary>
    Degraded,

    /// <summary>The data directory is missing. Never the same as gone: the archive stays.</summary>
    Lost,
}

/// <summary>A server as an engine found it. Everything in <see cref="Spec"/> but the password is filled in.</summary>
internal sealed record Server
{
    public required ServerSpec Spec { get; init; }

    public required ServerStatus Status { get; init; }

    /// <summary>Why the status is not <see cref="ServerStatus.Available"/>, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>Name or address at which clients reach the server.</summary>
    public required string Host { get; init; }

    /// <summary>Full version, such as "15.18".</summary>
    public required string Version { get; init; }

    /// <summary>PEM of the authority that signed the server's certificate.</summary>
    public required string CaCertificate { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Null for a server that began empty, and until the instant is resolved.</summary>
    public RestoreOutcome? Restored { get; init; }
}

/// <summary>What a restore came to.</summary>
/// <param name="To">When the last commit that was reached was made, by the source's clock.</param>
/// <param name="Timeline">The server's own, which began there.</param>
internal sealed record RestoreOutcome(DateTimeOffset To, int Timeline);
