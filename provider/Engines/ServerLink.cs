using PgFleet.Security;

namespace PgFleet.Engines;

/// <summary>How to connect to a linked server.</summary>
internal sealed record ServerLink
{
    /// <summary>The name, unique in the fleet: 3 to 16 of a-z, 0-9 and _.</summary>
    public required string Name { get; init; }

    /// <summary>A host name or an address, never a socket's folder.</summary>
    public required string Host { get; init; }

    public required int Port { get; init; }

    /// <summary>A role that may create databases; it need not be a superuser.</summary>
    public required string AdminUsername { get; init; }

    /// <summary>The password in clear.</summary>
    public required Secret AdminPassword { get; init; }

    /// <summary>libpq's sslmode: disable, require, verify-ca or verify-full.</summary>
    public required string SslMode { get; init; }

    /// <summary>PEM of the CAs that may sign the server's certificate; null: those that this machine trusts.</summary>
    public required string? CaCertificate { get; init; }
}
