using Npgsql;
using PgFleet.Archives;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Reports an instance's status: starts nothing, takes no lock, and has a short time limit.</summary>
internal sealed class StatusReport(Home home, ServiceAccount account, AdminConnections connections, TimeProvider time)
{
    private const string LongestComplaint = "1000"; // bytes

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(2);

    public async Task<ManagedServer> OfAsync(ServerRecord record, CancellationToken cancel)
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

    private async Task<(ServerStatus Status, Message? Reason)> JudgeAsync(ServerRecord record, CancellationToken cancel)
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
        Message? complaint = await FindMissingListenersAsync(record, running, cancel);
        complaint = complaint ?? await FindConnectionComplaintAsync(record, cancel) ?? await BackupComplaintAsync(record, cancel);
        return complaint is null ? (ServerStatus.Available, null) : (ServerStatus.Degraded, complaint);
    }

    private static async Task<string?> FindMissingListenersAsync(ServerRecord record, Postmaster running, CancellationToken cancel) =>
        await ListenAddresses.FindUnboundAsync(record.ListenAddresses, record.Port, running.Pid, cancel) is { Count: > 0 } missing ? $"it does not listen on {string.Join(", ", missing)}, port {record.Port}" : null;

    private async Task<Message?> FindConnectionComplaintAsync(ServerRecord record, CancellationToken cancel)
    {
        using var limit = new CancellationTokenSource(Timeout, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancel);
        try
        {
            return await ArchiverComplaintAsync(record, both.Token);
        }
        catch (Exception silent) when (silent is ResourceFailure or NpgsqlException || (silent is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return silent is OperationCanceledException ? "it does not answer" : Message.Of($"it does not answer: {(silent is ResourceFailure failure ? failure.Text : silent.Message)}");
        }
    }

    private async Task<string?> ArchiverComplaintAsync(ServerRecord record, CancellationToken cancel)
    {
        await using var admin = await connections.OpenAsync(record, AdminPool.Maintenance, cancel);
        return await ArchiverReport.FindComplaintAsync(admin.Connection, record, home.Of(record.Name), cancel);
    }

    /// <summary>The warning that the archive program left in a file; null when there is none.</summary>
    private async Task<string?> BackupComplaintAsync(ServerRecord record, CancellationToken cancel)
    {
        var left = await account.TryAsync(cancel, "sh", "-c", """test -f "$1" && head -c "$0" "$1" """, LongestComplaint, new ArchiveLayout(record.ArchiveIn(home.Of(record.Name))).Complaint);
        return left.IsSuccess && left.StandardOutput.Trim() is { Length: > 0 } complaint ? string.Concat(complaint.Select(letter => char.IsControl(letter) ? ' ' : letter)) : null;
    }
}
