using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>How to reach a server that somebody else runs, and as whom.</summary>
internal sealed record ServerLink
{
    /// <summary>Unique in the fleet: 3 to 16 of a-z, 0-9 and _.</summary>
    public required string Name { get; init; }

    /// <summary>Name or address; never a socket's folder.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>A role that may create databases; it need not be a superuser.</summary>
    public required string AdminUsername { get; init; }

    public required Secret AdminPassword { get; init; }

    /// <summary>In libpq's words and with its meaning: disable, require, verify-ca or verify-full.</summary>
    public required string SslMode { get; init; }

    /// <summary>PEM of the authorities that may have signed the server's certificate; null: those that this machine trusts.</summary>
    public required string? CaCertificate { get; init; }
}
