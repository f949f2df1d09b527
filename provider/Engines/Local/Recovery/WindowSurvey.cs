using System.Text.Json;
using PgFleet.Engines.Local.Archive;
using PgFleet.Engines.Local.Archive.Restoring;
using PgFleet.Failures;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Finds out how far back and forth a server can be restored. Looks, and touches nothing.</summary>
internal sealed class WindowSurvey(Home home, HelperRun helper, Source source)
{
    public async Task<RecoveryWindow> OfAsync(ServerRecord record, CancellationToken cancel)
    {
        record.RequireFinished();
        var now = await source.AskNowAsync(record, cancel);
        var report = await helper.RunAsync(
            _ => { },
            words => new(FailureKind.Unavailable, $"The archive of \"{record.Name}\" does not read: {words}", "Correct what it names, then run this again."),
            cancel,
            ArchiveProgram.RecoveryWindow,
            home.Of(record.Name).ArchiveConfig);
        return Of(record, now, JsonSerializer.Deserialize(report, ArchiveJson.Default.ArchiveReport)!);
    }

    private static RecoveryWindow Of(ServerRecord record, DateTimeOffset? now, ArchiveReport report)
    {
        // What a server that answers has not archived yet is made to come when it is needed.
        var reached = report.Stretches.Select(stretch => stretch.Missing is null && now > stretch.To ? stretch with { To = now.Value } : stretch).ToList();
        var floor = reached.Count == 0 ? default : reached[^1].To - record.Backup.Retention;
        return new(
            record.Name,
            now,
            [.. reached.Where(stretch => stretch.To >= floor).Select(stretch => new RestorableStretch(stretch.From > floor ? stretch.From : floor, stretch.To, stretch.Missing))],
            [.. report.Backups.Select(backup => new RestorableBackup(backup.EndedAt, backup.Bytes, backup.Damage))]);
    }
}
