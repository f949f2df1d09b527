using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace PgFleet.Protocols.Terraform;

/// <summary>The handshake between Terraform and its plugin. Each side trusts exactly one certificate of the other, created for this process.</summary>
/// <param name="own">Our certificate; null without TLS.</param>
/// <param name="client">Terraform's certificate; null without TLS.</param>
internal sealed class Handshake(X509Certificate2? own, X509Certificate2? client) : IDisposable
{
    private const string Cookie = "TF_PLUGIN_MAGIC_COOKIE";
    private const string CookieValue = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";
    private const string ClientCertificate = "PLUGIN_CLIENT_CERT";

    /// <summary>True if Terraform started this process, under any name.</summary>
    public static bool IsRequested => Environment.GetEnvironmentVariable(Cookie) == CookieValue;

    public static Handshake Begin() =>
        Environment.GetEnvironmentVariable(ClientCertificate) is { Length: > 0 } pem
            ? new(Make(), X509Certificate2.CreateFromPem(pem))
            : new(null, null);

    public bool Secure => own is not null;

    public HttpsConnectionAdapterOptions Tls() => new()
    {
        ServerCertificate = own,
        SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateMode = ClientCertificateMode.RequireCertificate,
        ClientCertificateValidation = (certificate, _, _) => IsClient(certificate),
    };

    /// <summary>
    /// The handshake line: core protocol, provider protocol, address and certificate, which Terraform's plugin library reads from the first line of stdout.
    /// </summary>
    public string Line(string socket)
    {
        var line = $"1|6|unix|{socket}|grpc|{(own is null ? "" : Convert.ToBase64String(own.RawData).TrimEnd('='))}";
        // Older libraries would take a further field for a part of the certificate.
        return Environment.GetEnvironmentVariable("PLUGIN_MULTIPLEX_GRPC") is null ? line : $"{line}|false";
    }

    public void Dispose()
    {
        own?.Dispose();
        client?.Dispose();
    }

    private bool IsClient(X509Certificate2 certificate) => client is not null && certificate.RawData.AsSpan().SequenceEqual(client.RawData);

    private static X509Certificate2 Make()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature | X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1")], critical: false));
        // Terraform uses the certificate as its own CA.
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(365));
    }
}
