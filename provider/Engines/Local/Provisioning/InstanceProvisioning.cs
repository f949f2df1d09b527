using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Engines.Local.Recovery;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;
using PgFleet.Security;

namespace PgFleet.Engines.Local.Provisioning;

/// <summary>Creates an instance, state by state. If the process is killed, creation resumes from the last recorded state.</summary>
internal sealed class InstanceProvisioning(
    Home home, Registry registry, Locks locks, Ports ports, Installations installations, InstanceFolders directories,
    ServerProcess process, AdminConnections connections, HelperProgram helper, FirstBackup backup, Restoration restoration, TimeProvider time)
{
    /// <summary>
    /// Writes the record of a new instance, which reserves its name and port. <paramref name="source"/> is the server it is restored from; null: it is created
    /// empty.
    /// </summary>
    public async Task<ServerRecord> ReserveAsync(ServerSpec spec, ServerRecord? source, CancellationToken cancel)
    {
        if (Directory.Exists(home.Of(spec.Name).Data))
        {
            throw new ResourceFailure(
                FailureKind.Conflict, $"\"{home.Of(spec.Name).Data}\" holds data, but its record is gone.", "Put record.json back from a copy of the home, or move the folder away.");
        }
        var installation = await installations.GetAsync(source?.PostgresVersion ?? spec.PostgresVersion, cancel);
        var addresses = await ListenAddresses.ResolveAsync(spec.Placement.ListenAddresses, cancel);
        using var others = await locks.TakeAsync(".ports", "given a port", cancel);
        return registry.Write(ServerRecord.Begun(spec, source, installation.Major, $"{installation.Version}", spec.Placement.Port ?? ports.Choose(addresses), time.GetUtcNow()));
    }

    /// <summary>Runs the remaining states. A null <paramref name="password"/>: the role gets none, or keeps the one it has.</summary>
    public async Task<ServerRecord> FinishAsync(ServerRecord record, Secret? password, OperationContext work)
    {
        while (record.State != RecordState.Available)
        {
            record = registry.Write(record.State switch
            {
                RecordState.Building => record.Origin is null ? await BuildAsync(record, work) : await CopyAsync(record, work),
                RecordState.Recovering => await restoration.ReplayAsync(record, work) with { State = RecordState.Starting },
                RecordState.Starting => await StartAsync(record, work),
                RecordState.Securing => await SecureAsync(record, password, work),
                _ => await BackUpAsync(record, work),
            });
            if (Done(record.State) is { } done)
            {
                work.Step(done);
            }
        }
        return record;
    }

    private async Task<ServerRecord> BuildAsync(ServerRecord record, OperationContext work)
    {
        work.Step("making the data directory");
        var installation = await installations.GetAsync(record.PostgresVersion, work.Cancel);
        await Task.WhenAll(directories.EnsureAsync(record.Name, installation, work.Cancel), Task.Run(helper.Install, work.Cancel));
        work.Step("made the data directory");
        return record with { State = RecordState.Starting, SystemIdentifier = await directories.CreateDirectoriesAsync(record, work.Cancel) };
    }

    private async Task<ServerRecord> CopyAsync(ServerRecord record, OperationContext work)
    {
        record = await restoration.CopyAsync(record, work);
        return record with { State = RecordState.Recovering, SystemIdentifier = await directories.CreateDirectoriesAsync(record, work.Cancel) };
    }

    private async Task<ServerRecord> StartAsync(ServerRecord record, OperationContext work) =>
        await process.EnsureRunningAsync(record, work.Cancel) with { State = RecordState.Securing };

    private async Task<ServerRecord> SecureAsync(ServerRecord record, Secret? password, OperationContext work)
    {
        record = await process.EnsureRunningAsync(record, work.Cancel);
        await using var admin = await connections.OpenAsync(record, AdminPool.Maintenance, work.Cancel);
        var role = new LoginRole(admin.Connection);
        await role.EnsureAsync(record.Username, work.Cancel);
        if (password is not null)
        {
            await role.SetPasswordAsync(record.Username, password, work.Cancel);
        }
        record = record with { State = RecordState.BackupPending, LoginRole = await role.GetIdAsync(record.Username, work.Cancel) };
        if (record.Origin is not null)
        {
            await restoration.OpenAsync(record, role, password, work);
        }
        return record;
    }

    private async Task<ServerRecord> BackUpAsync(ServerRecord record, OperationContext work)
    {
        record = await process.EnsureRunningAsync(record, work.Cancel);
        await backup.TakeAsync(record, work);
        return record with { State = RecordState.Available };
    }

    /// <summary>The completed step. The last state has none, because a finished creation cannot be cancelled.</summary>
    private static string? Done(RecordState reached) => reached switch
    {
        RecordState.Recovering => "copied the base backup",
        RecordState.Starting => "made the data ready",
        RecordState.Securing => "started the server",
        RecordState.BackupPending => "made the login role",
        _ => null,
    };
}
