using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgFleet.Engines.Linked;

/// <summary>Judges a server's certificate as verify-ca and verify-full do. Npgsql would too, but does not tell what is wrong with one.</summary>
internal static class CertificateCheck
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <param name="options">Of a handshake that is to begin.</param>
    /// <param name="link">With one of the two modes.</param>
    public static void Demand(SslClientAuthenticationOptions options, ServerLink link)
    {
        options.TargetHost = link.Host;
        options.CertificateChainPolicy = link.CaCertificate is { } authorities ? Trusting(authorities) : null;
        var tolerated = link.SslMode == "verify-ca" ? SslPolicyErrors.RemoteCertificateNameMismatch : SslPolicyErrors.None;
        options.RemoteCertificateValidationCallback = (_, _, _, errors) =>
            (errors & ~tolerated) == SslPolicyErrors.None ? true : throw new CertificateRejection(errors & ~tolerated);
    }

    /// <summary>These authorities and no others.</summary>
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

/// <summary>What was wrong with a server's certificate.</summary>
internal sealed class CertificateRejection(SslPolicyErrors errors) : AuthenticationException($"The certificate was rejected: {errors}.")
{
    public bool IsOnlyTheName => errors == SslPolicyErrors.RemoteCertificateNameMismatch;
}
