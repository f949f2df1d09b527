using System.Collections.Immutable;
using System.Globalization;

namespace PgFleet.Engines;

/// <summary>The instants that a server can be restored to. Whether one is among them is judged here and nowhere else.</summary>
/// <param name="Instance">The server's name; a deleted one's identity.</param>
/// <param name="Now">The server's own clock; null when it does not answer.</param>
/// <param name="Stretches">In order; between two of them WAL is missing.</param>
/// <param name="Backups">Oldest first.</param>
/// <param name="Deleted">Null for a server that is there.</param>
internal sealed record RecoveryWindow(
    string Instance, DateTimeOffset? Now, ImmutableArray<RecoverableRange> Stretches, ImmutableArray<RestorableBackup> Backups, DeletedServer? Deleted = null)
{
    /// <summary>What people should know of the backups; null when all is well.</summary>
    public string? Complaint { get; init; }

    public DateTimeOffset? Earliest => Stretches.IsEmpty ? null : Stretches[0].From;

    public DateTimeOffset? Latest => Stretches.IsEmpty ? null : Stretches[^1].To;

    /// <summary>The window in a sentence.</summary>
    public string Text => Stretches.IsEmpty
        ? $"Nothing of \"{Instance}\" can be restored: {string.Join("; ", Backups.Select(backup => backup.Damage).OfType<string>().DefaultIfEmpty("no base backup of it has been finished"))}."
        : $"The window of \"{Instance}\" reaches from {string.Join(", and from ", Stretches.Select(part => $"{Time(part.From)} to {Time(part.To)}"))}.";

    /// <summary>Why an instant cannot be restored, with the window; null when it can.</summary>
    /// <param name="instant">Null: the latest, whatever it is.</param>
    public string? Refusal(DateTimeOffset? instant) =>
        Stretches.IsEmpty ? Text
        : instant is not { } at ? (Stretches[^1].Why is { } why ? $"\"latest\" is out of reach: {why}. Set restoreTime to {Time(Latest!.Value)} or earlier. {Text}" : null)
        : Stretches.Any(stretch => stretch.From <= at && at <= stretch.To) ? null
        : $"{Reason(at)} {Text}";

    /// <returns>RFC 3339 in UTC, microseconds.</returns>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private string Reason(DateTimeOffset at) =>
        at < Stretches[0].From ? "is too early: no base backup that is kept leads there."
        : Stretches.LastOrDefault(stretch => stretch.To < at) is not { Why: { } why } ? TooLate(at)
        : $"is out of reach: {why}.";

    private string TooLate(DateTimeOffset at) =>
        Deleted is { } gone ? $"is later than the last thing that is known of the server, which was deleted at {Time(gone.DeletedAt)}."
        : Now is null ? "is later than the last thing that is known of the server, which does not answer."
        : at > Now ? "is in the future."
        : "is later than what has been archived.";
}

/// <summary>Instants without a gap, both ends included.</summary>
/// <param name="Missing">The WAL segment that is missing or damaged after it; null when none is.</param>
/// <param name="Why">Why it ends, though the server went on; null when it does not.</param>
internal sealed record RecoverableRange(DateTimeOffset From, DateTimeOffset To, string? Missing, string? Why);

/// <summary>A base backup that is kept.</summary>
/// <param name="EndedAt">From then on instants can be restored from it.</param>
/// <param name="Damage">Why it cannot be used; null when it can.</param>
/// <param name="IsChecked">Whether its pages were looked into.</param>
/// <param name="DamagedPages">Pages that a restore from it would bring back damaged; null when none is known.</param>
internal sealed record RestorableBackup(DateTimeOffset EndedAt, long Bytes, string? Damage, bool IsChecked, string? DamagedPages);
