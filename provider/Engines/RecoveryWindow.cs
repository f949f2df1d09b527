using System.Collections.Immutable;
using System.Globalization;
using PgFleet.Failures;

namespace PgFleet.Engines;

/// <summary>The instants that a server can be restored to. Only this record judges whether an instant is one of them.</summary>
/// <param name="Instance">The server's name; for a deleted one, its identity.</param>
/// <param name="Now">The server's own clock; null when it does not answer.</param>
/// <param name="Ranges">The recoverable ranges, in order; WAL is missing between two of them.</param>
/// <param name="Backups">The base backups, oldest first.</param>
/// <param name="Deleted">The deleted server; null for an existing one.</param>
internal sealed record RecoveryWindow(
    string Instance, DateTimeOffset? Now, ImmutableArray<RecoverableRange> Ranges, ImmutableArray<RestorableBackup> Backups, DeletedServer? Deleted = null)
{
    /// <summary>A warning about the backups, for people; null when there is none.</summary>
    public string? Complaint { get; init; }

    public DateTimeOffset? Earliest => Ranges.IsEmpty ? null : Ranges[0].From;

    public DateTimeOffset? Latest => Ranges.IsEmpty ? null : Ranges[^1].To;

    /// <summary>The window as a sentence.</summary>
    public string Text => Ranges.IsEmpty
        ? $"Nothing of \"{Instance}\" can be restored: {string.Join("; ", Backups.Select(backup => backup.Damage).OfType<string>().DefaultIfEmpty("no base backup of it has been finished"))}."
        : $"The window of \"{Instance}\" reaches from {string.Join(", and from ", Ranges.Select(part => $"{Time(part.From)} to {Time(part.To)}"))}.";

    /// <summary>Explains why an instant cannot be restored, with the window; null when it can. A null <paramref name="instant"/> is the latest.</summary>
    public Message? Refusal(DateTimeOffset? instant) =>
        Ranges.IsEmpty ? Text
        : instant is not { } at ? (Ranges[^1].Why is { } why ? Message.Of($"\"latest\" is out of reach: {why}. Set {Term.Property("restoreTime")} to {Time(Latest!.Value)} or earlier. {Text}") : null)
        : Ranges.Any(range => range.From <= at && at <= range.To) ? null
        : $"{Reason(at)} {Text}";

    /// <returns>RFC 3339 in UTC, with microseconds.</returns>
    public static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private string Reason(DateTimeOffset at) =>
        at < Ranges[0].From ? "is too early: no base backup that is kept leads there."
        : Ranges.LastOrDefault(range => range.To < at) is not { Why: { } why } ? TooLate(at)
        : $"is out of reach: {why}.";

    private string TooLate(DateTimeOffset at) =>
        Deleted is { } gone ? $"is later than the last thing that is known of the server, which was deleted at {Time(gone.DeletedAt)}."
        : Now is null ? "is later than the last thing that is known of the server, which does not answer."
        : at > Now ? "is in the future."
        : "is later than what has been archived.";
}

/// <summary>A range of instants without a gap, both ends included.</summary>
/// <param name="From">The first instant.</param>
/// <param name="To">The last instant.</param>
/// <param name="Missing">The missing or damaged WAL segment that ends it; null when there is none.</param>
/// <param name="Why">Why it ends although the server wrote more WAL; null when it does not.</param>
internal sealed record RecoverableRange(DateTimeOffset From, DateTimeOffset To, string? Missing, string? Why);

/// <summary>A base backup in the archive.</summary>
/// <param name="EndedAt">The first instant that can be restored from it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="Damage">Why it cannot be used; null when it can.</param>
/// <param name="IsChecked">Whether its pages were checked.</param>
/// <param name="DamagedPages">The pages that a restore from it would contain damaged; null when none are known.</param>
internal sealed record RestorableBackup(DateTimeOffset EndedAt, long Bytes, string? Damage, bool IsChecked, string? DamagedPages);
