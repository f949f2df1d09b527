using PgFleet.Security;

namespace PgFleet.Applications;

/// <summary>Takes secrets out of what others wrote.</summary>
internal sealed class Redaction(IEnumerable<Secret> secrets)
{
    /// <summary>As they are, and as they stand in a URI; longer ones first, so that none is left in part.</summary>
    private readonly string[] texts =
        [.. secrets.Select(secret => secret.Reveal()).Where(secret => secret.Length > 0).SelectMany(secret => (string[])[secret, Uri.EscapeDataString(secret)]).Distinct().OrderByDescending(secret => secret.Length)];

    public string Apply(string text) => texts.Aggregate(text, (left, secret) => left.Replace(secret, Secret.Mask, StringComparison.Ordinal));
}
