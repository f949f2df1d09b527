using System.Globalization;
using Npgsql;
using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>Looks at an instance: starts nothing, waits for no lock, and answers soon.</summary>
internal sealed class StatusReport(Home home, AdminConnections connections, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public async Task<MadeServer> OfAsync(ServerRecord record, CancellationToken cancel)
    {
        var (status, reason) = await JudgeAsync(record, cancel);
        var paths = home.Of(record.Name);
        return new()
        {
            Name = record.Name,
            Identity = $"{record.Identity}",
            Username = record.Username,
            Spec = record.Spec,
            Status = status,
            Reason = reason,
            StoppedByUser = status == ServerStatus.Stopped && record.StoppedByUser,
            Host = ListenAddresses.Host(record.ListenAddresses),
            Port = record.Port,
            Version = record.ServerVersion,
            CaCertificate = File.Exists(paths.Authority) ? await File.ReadAllTextAsync(paths.Authority, cancel) : "",
            CreatedAt = record.CreatedAt,
            Restored = record.Origin?.Outcome,
        };
    }

    private async Task<(ServerStatus Status, string? Reason)> JudgeAsync(ServerRecord record, CancellationToken cancel)
    {
        var paths = home.Of(record.Name);
        if (record.State != RecordState.Available)
        {
            return (ServerStatus.Unfinished, "its creation was interrupted; the next one of this name goes on");
        }
        if (!paths.HasData)
        {
            return (ServerStatus.Lost, $"\"{paths.Data}\" is missing or empty");
        }
        if (Postmaster.Find(paths.Data) is not { } running)
        {
            return (ServerStatus.Stopped, record.StoppedByUser ? "a person stopped it" : "it is not running");
        }
        var complaint = await DeafAsync(record, running, cancel) ?? await AskAsync(record, cancel);
        return complaint is null ? (ServerStatus.Available, null) : (ServerStatus.Degraded, complaint);
    }

    private static async Task<string?> DeafAsync(ServerRecord record, Postmaster running, CancellationToken cancel) =>
        await Listeners.MissingAsync(record, running.Pid, cancel) is { Count: > 0 } missing ? $"it does not listen on {string.Join(", ", missing)}, port {record.Port}" : null;

    private async Task<string?> AskAsync(ServerRecord record, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Patience, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await ArchiverComplaintAsync(record, both.Token);
        }
        catch (Exception silent) when (silent is ResourceFailure or NpgsqlException || (silent is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return silent is OperationCanceledException ? "it does not answer" : $"it does not answer: {silent.Message}";
        }
    }

    private async Task<string?> ArchiverComplaintAsync(ServerRecord record, CancellationToken cancel)
    {
        await using var admin = await connections.OpenAsync(record, Configuration.Superuser, cancel);
        await using var command = new NpgsqlCommand(
            """
            select last_failed_wal, last_failed_time from pg_catalog.pg_stat_archiver
            where last_failed_time > coalesce(last_archived_time, '-infinity')
            """,
            admin.Connection);
        await using var rows = await command.ExecuteReaderAsync(cancel);
        return await rows.ReadAsync(cancel)
            ? string.Create(CultureInfo.InvariantCulture, $"it could not archive \"{rows.GetString(0)}\" at {rows.GetDateTime(1):u}: see its log")
            : null;
    }
}
