using System.Security.Cryptography;
using System.Text.RegularExpressions;
using PgFleet.Schema;
using Pulumirpc;
using Mode = Pulumirpc.CheckRequest.Types.AutonamingOptions.Types.Mode;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Names for resources whose program gives none: eight characters of the resource's own name, and seven hexadecimal digits of Check's seed.</summary>
internal static partial class Autonaming
{
    private const int SlugLength = 8;
    private const int DigitCount = 7;

    /// <returns>Null when the user's configuration forbids made-up names.</returns>
    public static Func<Field, string?> Of(CheckRequest request) => _ => request.Autonaming switch
    {
        { Mode: Mode.Disable } => null,
        // Proposed or enforced, it is what the user configured; one that breaks the field's rules is a failure of Check.
        { ProposedName.Length: > 0 } options => options.ProposedName,
        _ => $"{Slug(request)}_{Digits(request)}",
    };

    private static string Slug(CheckRequest request)
    {
        var name = request.Name.Length > 0 ? request.Name : request.Urn.Split("::")[^1];
        var slug = Other().Replace(name.ToLowerInvariant(), "_").Trim('_');
        return slug.Length > SlugLength ? slug[..SlugLength].TrimEnd('_') : slug;
    }

    // A replacement is checked again with another seed, so its name differs from the one that is still in use.
    private static string Digits(CheckRequest request)
    {
        var seed = request.RandomSeed.Length > 0 ? request.RandomSeed.ToByteArray() : RandomNumberGenerator.GetBytes(32);
        return Convert.ToHexStringLower(SHA256.HashData(seed))[..DigitCount];
    }

    [GeneratedRegex("[^a-z0-9]+")]
    private static partial Regex Other();
}
