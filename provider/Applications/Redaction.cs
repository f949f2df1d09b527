namespace PgFleet.Applications;

/// <summary>Takes secrets out of what others wrote.</summary>
internal sealed class Redaction(IEnumerable<string> secrets)
{
    private const string InItsPlace = "[secret]";

    /// <summary>As they are, and as they stand in a URI; longer ones first, so that none is left in part.</summary>
    private readonly string[] secrets =
        [.. secrets.Where(secret => secret.Length > 0).SelectMany(secret => (string[])[secret, Uri.EscapeDataString(secret)]).Distinct().OrderByDescending(secret => secret.Length)];

    public string Apply(string text) => secrets.Aggregate(text, (left, secret) => left.Replace(secret, InItsPlace, StringComparison.Ordinal));
}
