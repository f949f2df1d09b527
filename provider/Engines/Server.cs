using PgFleet.Failures;

namespace PgFleet.Engines;

internal enum ServerStatus
{
    /// <summary>Its creation was interrupted; the next create of this name resumes it.</summary>
    Unfinished,

    /// <summary>It answers and, if it is a managed server, archives.</summary>
    Available,

    /// <summary>Not running.</summary>
    Stopped,

    /// <summary>It runs, but does not answer or does not archive.</summary>
    Degraded,

    /// <summary>Its data directory is missing. It still exists: the archive is kept.</summary>
    Lost,

    /// <summary>A linked server that rejects the administrator. It still exists: the record is kept.</summary>
    Unreachable,
}

/// <summary>A server as an engine found it, managed or linked.</summary>
internal record Server
{
    /// <summary>The name, unique in the fleet: 3 to 16 of a-z, 0-9 and _.</summary>
    public required string Name { get; init; }

    /// <summary>Identifies it in a state, because names can be reused.</summary>
    public required string Identity { get; init; }

    /// <summary>The role that owns databases by default.</summary>
    public required string Username { get; init; }

    public required ServerStatus Status { get; init; }

    /// <summary>Why the status is not <see cref="ServerStatus.Available"/>, for people.</summary>
    public Message? Reason { get; init; }

    /// <summary>True if only a person, or a change of the server, starts it again.</summary>
    public bool StoppedByUser { get; init; }

    /// <summary>The name or address that clients connect to.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>libpq's sslmode for clients. A managed server always offers TLS, but no client trusts its CA by default.</summary>
    public string SslMode { get; init; } = "require";

    /// <summary>PEM of the CAs that sign the server's certificate; empty: those that a client trusts by default.</summary>
    public string CaCertificate { get; init; } = "";

    /// <summary>The full version, such as "15.18".</summary>
    public required string Version { get; init; }

    /// <summary>When this fleet created or linked it.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>A managed server. Everything in <see cref="Spec"/> but the password is filled in.</summary>
internal sealed record ManagedServer : Server
{
    public required ServerSpec Spec { get; init; }

    /// <summary>The result of its restore; null for a server that was created empty, and until the instant is resolved.</summary>
    public RestoreOutcome? Restored { get; init; }
}

/// <summary>The result of a restore.</summary>
/// <param name="To">The time of the last restored commit, by the source's clock.</param>
/// <param name="Timeline">The server's own timeline, which began there.</param>
internal sealed record RestoreOutcome(DateTimeOffset To, int Timeline);
