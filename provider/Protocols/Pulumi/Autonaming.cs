using System.Security.Cryptography;
using System.Text.RegularExpressions;
using PgFleet.Schema;
using Pulumirpc;
using Mode = Pulumirpc.CheckRequest.Types.AutonamingOptions.Types.Mode;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Generates names for resources: up to eight characters of the resource's own name, and seven hexadecimal digits of Check's seed.</summary>
internal static partial class Autonaming
{
    private const int SlugLength = 8;
    private const int DigitCount = 7;

    /// <returns>Null when the user's configuration disables generated names.</returns>
    public static Func<Field, string?> Of(CheckRequest request) => _ => request.Autonaming switch
    {
        { Mode: Mode.Disable } => null,
        // A proposed or enforced name comes from the user's configuration; if it breaks the field's rules, Check fails.
        { ProposedName.Length: > 0 } options => options.ProposedName,
        _ => $"{Slug(request)}_{Digits(request)}",
    };

    private static string Slug(CheckRequest request)
    {
        var name = request.Name.Length > 0 ? request.Name : request.Urn.Split("::")[^1];
        var slug = Other().Replace(name.ToLowerInvariant(), "_").Trim('_');
        return slug.Length > SlugLength ? slug[..SlugLength].TrimEnd('_') : slug;
    }

    // A replacement is checked with another seed, so its name differs from the one in use.
    private static string Digits(CheckRequest request)
    {
        var seed = request.RandomSeed.Length > 0 ? request.RandomSeed.ToByteArray() : RandomNumberGenerator.GetBytes(32);
        return Convert.ToHexStringLower(SHA256.HashData(seed))[..DigitCount];
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();
}
