using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using PgFleet.Failures;

namespace PgFleet.Resources.LinkedInstance;

/// <summary>Rules that involve several fields, or need code, but no server.</summary>
internal static class LinkedInstanceRules
{
    /// <summary>NAMEDATALEN less the terminator.</summary>
    private const int LongestName = 63;

    public static IEnumerable<Problem> Of(LinkedInstanceArgs args) => [.. OfAddress(args), .. OfCertificate(args)];

    private static IEnumerable<Problem> OfAddress(LinkedInstanceArgs args)
    {
        if (args.Host.Contains(':', StringComparison.Ordinal) && !IPAddress.TryParse(args.Host, out _))
        {
            yield return new("host", $"\"{args.Host}\" is more than a host: write its name or IP address alone, and the port in {Term.Property("port")}.");
        }
        if (Encoding.UTF8.GetByteCount(args.AdminUsername) is > LongestName and var length)
        {
            yield return new("adminUsername", $"\"{args.AdminUsername}\" is {length} bytes long in UTF-8: no role's name has more than {LongestName}.");
        }
    }

    private static IEnumerable<Problem> OfCertificate(LinkedInstanceArgs args)
    {
        if (args.CaCertificate is not { } text)
        {
            yield break;
        }
        if (!args.SslMode!.StartsWith("verify-", StringComparison.Ordinal))
        {
            yield return new("caCertificate", $"is not used with {Term.Property("sslMode")} \"{args.SslMode}\", which checks no certificate: set {Term.Property("sslMode")} to \"verify-full\" or \"verify-ca\", or leave {Term.Property("caCertificate")} out.");
        }
        if (text.Contains("PRIVATE KEY", StringComparison.Ordinal))
        {
            yield return new("caCertificate", "holds a private key, which nobody else may have: write the certificate alone.");
        }
        else if (!HoldsCertificates(text))
        {
            yield return new("caCertificate", "holds no certificate in PEM form: write the text of the file, which begins with -----BEGIN CERTIFICATE-----, not its name.");
        }
    }

    private static bool HoldsCertificates(string text)
    {
        try
        {
            var found = new X509Certificate2Collection();
            found.ImportFromPem(text);
            return found.Count > 0;
        }
        catch (CryptographicException)
        {
            return false;
        }
    }
}
