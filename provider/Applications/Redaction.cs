using PgFleet.Security;

namespace PgFleet.Applications;

/// <summary>Masks secrets in the output of other programs.</summary>
internal sealed class Redaction(IEnumerable<Secret> secrets)
{
    /// <summary>The secrets as they are and percent-encoded as in a URI; longer ones first, so that none is masked only in part.</summary>
    private readonly string[] texts =
        [.. secrets.Select(secret => secret.Reveal()).Where(secret => secret.Length > 0).SelectMany(secret => (string[])[secret, Uri.EscapeDataString(secret)]).Distinct().OrderByDescending(secret => secret.Length)];

    public string Apply(string text) => texts.Aggregate(text, (left, secret) => left.Replace(secret, Secret.Mask, StringComparison.Ordinal));
}
