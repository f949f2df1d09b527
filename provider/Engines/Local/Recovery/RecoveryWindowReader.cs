using System.Text.Json;
using PgFleet.Archives;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Determines the instants to which a server can be restored. Changes nothing.</summary>
internal sealed class RecoveryWindowReader(Home home, HelperProcess helper, SourceServer source)
{
    public Task<RecoveryWindow> OfAsync(ServerRecord record, CancellationToken cancel) => OfAsync(new Restorable(record, home.Of(record.Name)), cancel);

    public async Task<RecoveryWindow> OfAsync(Restorable server, CancellationToken cancel)
    {
        var record = server.Record.RequireFinished();
        var now = server.Deletion is null ? await source.QueryClockAsync(record, cancel) : null;
        var report = await helper.RunAsync(
            _ => { },
            $"The archive of \"{server.Title}\" does not read:",
            cancel,
            ArchiveCommands.RecoveryWindow,
            server.ArchiveConfig);
        return Of(server, now, await NamedAsync(server, JsonSerializer.Deserialize(report, ArchiveJson.Default.ArchiveReport)!, cancel));
    }

    /// <summary>Adds names of tablespaces: the WAL contains only locations; the server knows the names, if it still has the tablespaces.</summary>
    private async Task<ArchiveReport> NamedAsync(Restorable server, ArchiveReport report, CancellationToken cancel)
    {
        if (report.Ranges.All(range => range.Tablespace is null) || server.Deletion is not null || await source.QueryTablespacesAsync(server.Record, cancel) is not { } names)
        {
            return report;
        }
        return report with
        {
            Ranges = [.. report.Ranges.Select(range => range.Tablespace is { } id && names.TryGetValue(id, out var name) ? range with { Why = $"\"{name}\", {range.Why}" } : range)],
        };
    }

    /// <summary>Explains why a server cannot be restored to an instant; null when it can.</summary>
    public async Task<Message?> FindRefusalAsync(Restorable server, DateTimeOffset? instant, CancellationToken cancel)
    {
        try
        {
            return (await OfAsync(server, cancel)).Refusal(instant);
        }
        catch (ResourceFailure unreadable)
        {
            return unreadable.Text;
        }
    }

    /// <summary>A server's window in words, as part of a sentence.</summary>
    public async Task<string> DescribeAsync(Restorable server, CancellationToken cancel)
    {
        try
        {
            var window = await OfAsync(server, cancel);
            return window is { Earliest: { } earliest, Latest: { } latest } ? $"window from {RecoveryWindow.Time(earliest)} to {RecoveryWindow.Time(latest)}" : "nothing can be restored";
        }
        catch (ResourceFailure)
        {
            return "its archive does not read";
        }
    }

    private static RecoveryWindow Of(Restorable server, DateTimeOffset? now, ArchiveReport report)
    {
        // WAL that a running server has not archived yet is archived when a restore needs it.
        var reached = report.Ranges.Select(range => range.Why is null && now > range.To ? range with { To = now.Value } : range).ToList();
        var floor = reached.Count == 0 ? default : reached[^1].To - server.Record.Backup.Retention;
        return new(
            server.Title,
            now,
            [.. reached.Where(range => range.To >= floor).Select(range => new RecoverableRange(range.From > floor ? range.From : floor, range.To, range.Missing, range.Why))],
            [.. report.Backups.Select(backup => new RestorableBackup(backup.EndedAt, backup.Bytes, backup.Damage, backup.Check is not null, backup.Check?.Damage))],
            server.Deleted)
        {
            Complaint = report.Complaint,
        };
    }
}
