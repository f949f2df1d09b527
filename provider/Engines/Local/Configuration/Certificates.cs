using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Configuration;

/// <summary>An instance's server certificate, and the instance's own CA, which signs it and which clients trust.</summary>
/// <remarks>The CA's key is kept where servers cannot read it, and is used again when the server's addresses change.</remarks>
internal sealed class Certificates(InstancePaths paths, uint serverGroup, TimeProvider time)
{
    public const string ServerFile = "server.crt";
    public const string ServerKeyFile = "server.key";

    private const int Years = 30; // the certificate is never renewed
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private string ServerPath => Path.Combine(paths.Conf, ServerFile);

    /// <summary>Creates what is missing, and a new server certificate if the current one does not name all of <paramref name="hosts"/>.</summary>
    public void Ensure(string instance, IEnumerable<string> hosts)
    {
        if (!File.Exists(paths.Authority))
        {
            MakeAuthority(instance);
        }
        var wanted = hosts.ToHashSet(StringComparer.OrdinalIgnoreCase);
        if (!File.Exists(ServerPath) || !wanted.IsSubsetOf(NamedHosts()))
        {
            MakeServer(instance, wanted);
        }
    }

    /// <summary>Creates the CA. Its certificate is written last, so that if it exists, the key exists too.</summary>
    private void MakeAuthority(string instance)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN=pgfleet authority of {instance}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var certificate = request.CreateSelfSigned(Start, Start.AddYears(Years));
        DurableFile.Write(paths.AuthorityKey, key.ExportPkcs8PrivateKeyPem(), Modes.Private);
        DurableFile.Write(paths.Authority, certificate.ExportCertificatePem(), Modes.Shared, serverGroup);
    }

    /// <remarks>
    /// PostgreSQL accepts a key owned by its own user only with mode 0600, and one owned by root also with 0640.
    /// The old certificate is deleted first: if the process is killed between the two files, there is no certificate, and both are created again.
    /// </remarks>
    private void MakeServer(string instance, HashSet<string> hosts)
    {
        using var authority = X509Certificate2.CreateFromPemFile(paths.Authority, paths.AuthorityKey);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={instance}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(Names(hosts));
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new(ServerAuthentication)], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(authority, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        using var certificate = request.Create(authority, authority.NotBefore.ToUniversalTime(), authority.NotAfter.ToUniversalTime(), RandomNumberGenerator.GetBytes(16));
        File.Delete(ServerPath);
        DurableFile.Write(Path.Combine(paths.Conf, ServerKeyFile), key.ExportPkcs8PrivateKeyPem(), Environment.IsPrivilegedProcess ? Modes.Shared : Modes.Private, serverGroup);
        DurableFile.Write(ServerPath, certificate.ExportCertificatePem(), Modes.Shared, serverGroup);
    }

    /// <summary>One day earlier, for clients whose clock is behind.</summary>
    private DateTimeOffset Start => time.GetUtcNow().AddDays(-1);

    private static X509Extension Names(IEnumerable<string> hosts)
    {
        var names = new SubjectAlternativeNameBuilder();
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address))
            {
                names.AddIpAddress(address);
            }
            else
            {
                names.AddDnsName(host);
            }
        }
        return names.Build();
    }

    private HashSet<string> NamedHosts()
    {
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(ServerPath);
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().Single();
        return names.EnumerateDnsNames().Concat(names.EnumerateIPAddresses().Select(address => $"{address}")).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }
}
