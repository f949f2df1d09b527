using System.Globalization;
using PgFleet.Archives;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Wal;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Recovery;

/// <summary>Makes a copied server replay its WAL up to the target, and promotes it to a timeline of its own.</summary>
internal sealed class WalReplay(
    Home home, HelperProcess helper, ServerProcess process, Folders folders, AdminConnections connections, PostRestore postRestore, TimeProvider time)
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Time limit without progress; one segment, or the checkpoint at the end, takes much less.</summary>
    private static readonly TimeSpan StallTimeout = TimeSpan.FromMinutes(30);

    /// <returns>The record of the recovered server, which is stopped.</returns>
    public async Task<ServerRecord> RunAsync(ServerRecord record, OperationContext work)
    {
        // Until it is verified, only the administrator can connect, over the socket.
        var hidden = record with { ListenAddresses = [] };
        try
        {
            await ResumeAsync(record, work.Cancel);
            var server = await process.BeginAsync(hidden, work.Cancel);
            await WaitAsync(server, record.Origin!.Point!, work);
            await using (var admin = await connections.OpenAsync(hidden, AdminPool.Maintenance, work.Cancel))
            {
                record = await postRestore.RunAsync(admin.Connection, record, work);
            }
        }
        finally
        {
            await process.StopAsync(record.Name, CancellationToken.None);
        }
        await folders.DeleteAsync(home.Of(record.Name).Replay, work.Cancel);
        return record;
    }

    /// <summary>Restores the recovery target of a server that was stopped while its recovery was ending.</summary>
    private async Task ResumeAsync(ServerRecord record, CancellationToken cancel)
    {
        var data = home.Of(record.Name).Data;
        if (Postmaster.Find(data) is null)
        {
            await helper.RunAsync(
                _ => { },
                $"Instance \"{record.Name}\" cannot go on with its recovery:",
                cancel,
                ArchiveCommands.ResumeRecovery,
                data,
                record.Origin!.Point!.Timeline.ToString(CultureInfo.InvariantCulture));
        }
    }

    private async Task WaitAsync(StartedServer server, RestorePoint point, OperationContext work)
    {
        var startup = new StartupProcess(server.Pid);
        var all = (long)((ulong)point.Target - (ulong)point.Start);
        var (last, since) = ("", time.GetTimestamp());
        await Poll.UntilAsync(
            Pause,
            time,
            async token =>
            {
                if (await process.HasBegunAsync(server, token))
                {
                    return true;
                }
                var segment = startup.FindSegment() ?? last;
                if (segment != last)
                {
                    (last, since) = (segment, time.GetTimestamp());
                }
                else if (time.GetElapsedTime(since) > StallTimeout)
                {
                    throw new ResourceFailure(FailureKind.TimedOut, $"Instance \"{server.Record.Name}\" has not replayed anything for {StallTimeout.TotalMinutes:0} minutes.", "See its log, then run this again: it goes on from here.");
                }
                var done = Done(segment, point);
                work.Step("replaying the WAL", done, all, $"{new Lsn((ulong)point.Start + (ulong)done)}");
                return false;
            },
            work.Cancel);
    }

    private static long Done(string segment, RestorePoint point) =>
        WalSegment.Names(segment) ? Math.Max(0, (long)((ulong)WalSegment.Parse(segment, point.SegmentSize).Start - (ulong)point.Start)) : 0;
}
