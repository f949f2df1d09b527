using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PgFleet.Tests.Engines.Linked;

/// <summary>A CA for servers' certificates.</summary>
internal sealed class Authority : IDisposable
{
    private readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly X509Certificate2 certificate;

    public Authority()
    {
        var request = new CertificateRequest("CN=an authority of the tests", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public string Pem => certificate.ExportCertificatePem();

    /// <returns>Certificate and key, PEM.</returns>
    public (string Certificate, string Key) Sign(IPAddress address)
    {
        using var own = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=a server of the tests", own, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        using var signed = request.Create(certificate, certificate.NotBefore, certificate.NotAfter, RandomNumberGenerator.GetBytes(8));
        return (signed.ExportCertificatePem(), own.ExportPkcs8PrivateKeyPem());
    }

    public void Dispose()
    {
        certificate.Dispose();
        key.Dispose();
    }
}
