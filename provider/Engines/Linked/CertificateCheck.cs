using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgFleet.Engines.Linked;

/// <summary>Verifies a server's certificate for verify-ca and verify-full. Npgsql would verify it too, but does not report what is wrong.</summary>
internal static class CertificateCheck
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Sets up the verification in <paramref name="options"/>, before a handshake with a link that has one of the two modes.</summary>
    public static void Configure(SslClientAuthenticationOptions options, ServerLink link)
    {
        options.TargetHost = link.Host;
        options.CertificateChainPolicy = link.CaCertificate is { } authorities ? Trusting(authorities) : null;
        var tolerated = link.SslMode == "verify-ca" ? SslPolicyErrors.RemoteCertificateNameMismatch : SslPolicyErrors.None;
        options.RemoteCertificateValidationCallback = (_, _, _, errors) =>
            (errors & ~tolerated) == SslPolicyErrors.None ? true : throw new CertificateRejection(errors & ~tolerated);
    }

    /// <summary>A policy that trusts only these CAs.</summary>
    private static X509ChainPolicy Trusting(string authorities)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
            ApplicationPolicy = { new Oid(ServerAuthentication) },
        };
        policy.CustomTrustStore.ImportFromPem(authorities);
        return policy;
    }
}

/// <summary>Thrown for a certificate that was rejected.</summary>
internal sealed class CertificateRejection(SslPolicyErrors errors) : AuthenticationException($"The certificate was rejected: {errors}.")
{
    public bool IsOnlyTheName => errors == SslPolicyErrors.RemoteCertificateNameMismatch;
}
