namespace PgFleet.Engines;

internal enum ServerStatus
{
    /// <summary>Made in part; the next create of this name goes on from where it stopped.</summary>
    Unfinished,

    /// <summary>Answers, and archives if it is this fleet's to archive.</summary>
    Available,

    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>Runs, but does not answer or does not archive.</summary>
    Degraded,

    /// <summary>The data directory is missing. Never the same as gone: the archive stays.</summary>
    Lost,

    /// <summary>Somebody else's, and does not let the administrator in. Never the same as gone: the record stays.</summary>
    Unreachable,
}

/// <summary>A server as an engine found it, whoever made it.</summary>
internal record Server
{
    /// <summary>Unique in the fleet: 3 to 16 of a-z, 0-9 and _.</summary>
    public required string Name { get; init; }

    /// <summary>What a state means by it: two servers, one after the other, may bear one name.</summary>
    public required string Identity { get; init; }

    /// <summary>The role that databases belong to when nothing else is said.</summary>
    public required string Username { get; init; }

    public required ServerStatus Status { get; init; }

    /// <summary>Why the status is not <see cref="ServerStatus.Available"/>, for people.</summary>
    public string? Reason { get; init; }

    /// <summary>Nothing but a person, or a change of the server, starts it again.</summary>
    public bool StoppedByUser { get; init; }

    /// <summary>Name or address at which clients reach the server.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>How clients shall use TLS, in libpq's words. A server of this fleet always offers it, but its authority is nobody's root.</summary>
    public string SslMode { get; init; } = "require";

    /// <summary>PEM of the authorities that sign the server's certificate; empty: those that a client trusts anyway.</summary>
    public string CaCertificate { get; init; } = "";

    /// <summary>Full version, such as "15.18".</summary>
    public required string Version { get; init; }

    /// <summary>Since when this fleet has it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A server that an engine made. Everything in <see cref="Spec"/> but the password is filled in.</summary>
internal sealed record ManagedServer : Server
{
    public required ServerSpec Spec { get; init; }

    /// <summary>Null for a server that began empty, and until the instant is resolved.</summary>
    public RestoreOutcome? Restored { get; init; }
}

/// <summary>What a restore came to.</summary>
/// <param name="To">When the last commit that was reached was made, by the source's clock.</param>
/// <param name="Timeline">The server's own, which began there.</param>
internal sealed record RestoreOutcome(DateTimeOffset To, int Timeline);
