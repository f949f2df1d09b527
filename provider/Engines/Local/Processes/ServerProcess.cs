using System.Globalization;
using CliWrap;
using Npgsql;
using PgFleet.Archives;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Postgres;
using PgFleet.Postgres.Sessions;

namespace PgFleet.Engines.Local.Processes;

/// <summary>Starts and stops the process of an instance. The caller holds the instance's lock.</summary>
internal sealed class ServerProcess(
    Home home, ServiceAccount account, Installations installations, ConfigurationFiles files, AdminConnections connections, HelperProgram helper, TimeProvider time)
{
    /// <summary>Time limit for a start, including crash recovery.</summary>
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(15);

    /// <summary>Time limit for an orderly shutdown, including its checkpoint and archiving.</summary>
    private static readonly TimeSpan StopLimit = TimeSpan.FromMinutes(10);

    /// <summary>The same for a server whose crash would lose nothing.</summary>
    private static readonly TimeSpan FinishLimit = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan AbandonLimit = TimeSpan.FromSeconds(30);

    private readonly ServerLog log = new(account);

    /// <summary>Starts the server if necessary; returns once it answers and listens on all its addresses.</summary>
    /// <returns>The record, with the version that runs.</returns>
    public async Task<ServerRecord> EnsureRunningAsync(ServerRecord record, CancellationToken cancel)
    {
        var server = await BeginAsync(record, cancel);
        await Poll.UntilAsync(
            StartLimit,
            Poll.Interval,
            time,
            token => HasBegunAsync(server, token),
            () => new(FailureKind.TimedOut, $"Instance \"{record.Name}\" runs but does not answer yet after {StartLimit.TotalMinutes:0} minutes.", "It may be recovering: see its log, and run this again later."),
            cancel);
        await WakeCheckpointerAsync(server.Record, cancel);
        await ListensEverywhereAsync(record, server.Pid, cancel);
        return server.Record;
    }

    /// <remarks>
    /// Since 15 the checkpointer starts before recovery, after a clean shutdown too, and then sleeps until the next checkpoint without regard to
    /// archive_timeout (CheckpointerMain in postmaster/checkpointer.c), unless something wakes it. A reload does. A server that was already
    /// running may have been started by a process that was killed before it came this far.
    /// </remarks>
    private async Task WakeCheckpointerAsync(ServerRecord record, CancellationToken cancel)
    {
        await using var admin = await connections.OpenAsync(record, AdminPool.Maintenance, cancel);
        await admin.Connection.ScalarAsync<bool>("select pg_catalog.pg_reload_conf()", [], cancel);
    }

    /// <summary>Starts the server if it is not running, without waiting for it to answer.</summary>
    public async Task<StartedServer> BeginAsync(ServerRecord record, CancellationToken cancel)
    {
        var paths = home.Of(record.Name);
        if (Postmaster.Find(paths.Data) is { } running)
        {
            return new(record, running.Pid, () => Postmaster.RunsOn(running.Pid, paths.Data));
        }
        var installation = await installations.GetAsync(record.PostgresVersion, cancel);
        files.Write(record);
        await new StartFiles(account).RequireRegularAsync(record.Name, paths, cancel);
        Ports.RequireFree(record.Name, await ListenAddresses.ResolveAsync(record.ListenAddresses, cancel), record.Port);
        await RemoveStaleLockFilesAsync(record, paths, cancel);
        var server = Launch(installation, record, paths);
        await BeFoundAsync(record.Name, paths, server);
        return new(record with { ServerVersion = $"{installation.Version}" }, server.ProcessId, () => !server.Task.IsCompleted);
    }

    /// <summary>
    /// Waits until the server can be found through the kernel, so that a process that wants to stop or start it finds it. Takes a moment, and cannot be
    /// cancelled.
    /// </summary>
    private Task BeFoundAsync(string name, InstancePaths paths, CommandTask<CommandResult> server) => Poll.UntilAsync(
        AbandonLimit,
        Poll.Interval,
        time,
        _ => Task.FromResult(server.Task.IsCompleted || Postmaster.Find(paths.Data) is not null),
        () =>
        {
            Posix.KillGroup(server.ProcessId); // a process that cannot be found would never be stopped
            return new(FailureKind.TimedOut, $"Instance \"{name}\" does not begin to start.", $"See what files lie in \"{paths.Data}\", and whether the machine is overloaded, then run this again.");
        },
        CancellationToken.None);

    /// <summary>True once it answers and accepts changes.</summary>
    /// <exception cref="ResourceFailure">It has ended; the failure quotes its log.</exception>
    public async Task<bool> HasBegunAsync(StartedServer server, CancellationToken cancel) =>
        server.Lives() ? await AnswersAsync(server.Record, cancel) : throw await RefusedAsync(server.Record, cancel);

    /// <summary>Stops the server (fast shutdown): ends all sessions, writes a checkpoint, archives what can be archived.</summary>
    public Task StopAsync(string name, CancellationToken cancel) => EndAsync(name, "INT", StopLimit, cancel);

    /// <summary>Stops the server for good without losing a commit: by an orderly shutdown if possible, else with the unarchived WAL left in pg_wal.</summary>
    public async Task FinishAsync(string name, CancellationToken cancel)
    {
        try
        {
            await EndAsync(name, "INT", FinishLimit, cancel);
        }
        catch (ResourceFailure late) when (late.Kind == FailureKind.TimedOut)
        {
            await AbandonAsync(name, cancel);
        }
        foreach (var pid in ArchivePrograms(home.Of(name).ArchiveConfig))
        {
            await account.TryAsync(cancel, "sh", "-c", $"kill -KILL {pid.ToString(CultureInfo.InvariantCulture)}");
        }
        await RemoveSharedMemoryAsync(name, cancel);
    }

    /// <summary>Stops the server immediately, as in a crash, because it is going to be deleted.</summary>
    public async Task AbandonAsync(string name, CancellationToken cancel)
    {
        try
        {
            await EndAsync(name, "QUIT", AbandonLimit, cancel);
        }
        catch (ResourceFailure late) when (late.Kind == FailureKind.TimedOut)
        {
            await EndAsync(name, "KILL", AbandonLimit, cancel);
        }
        await RemoveSharedMemoryAsync(name, cancel);
    }

    /// <summary>
    /// Starts the server as a child process in a session of its own: as long as this process lives, the kernel reports its end immediately.
    /// sh closes the inherited streams before it executes postgres.
    /// </summary>
    private CommandTask<CommandResult> Launch(Installation installation, ServerRecord record, InstancePaths paths) =>
        account.Detached(
            ["sh", "-c", "unset PWD; umask 077; exec \"$@\" </dev/null >\"$0\" 2>&1", Path.Combine(paths.Log, ServerLog.StartFile), installation.Program("postgres"), .. files.Of(record).Arguments])
            .ExecuteAsync(CancellationToken.None);

    private async Task<bool> AnswersAsync(ServerRecord record, CancellationToken cancel)
    {
        try
        {
            await using var admin = await connections.OpenAsync(record, AdminPool.Maintenance, cancel);
            return await admin.Connection.ScalarAsync<bool>("select not pg_catalog.pg_is_in_recovery()", [], cancel);
        }
        catch (ResourceFailure failure) when (IsStartingUp(failure.InnerException))
        {
            return false;
        }
    }

    /// <summary>Archive processes that outlive the server: they know the archive by its path, which another server may have soon.</summary>
    private static IEnumerable<int> ArchivePrograms(string config) => ProcessFiles.All().Where(pid =>
        ProcessFiles.Arguments(pid) is var arguments && arguments.Contains(config)
        && (arguments.Contains(ArchiveCommands.BaseBackup) || arguments.Contains(ArchiveCommands.ArchiveWal)));

    private static bool IsStartingUp(Exception? refusal) =>
        refusal is PostgresException answer ? answer.SqlState == PostgresErrorCodes.CannotConnectNow : refusal is NpgsqlException;

    private async Task<ResourceFailure> RefusedAsync(ServerRecord record, CancellationToken cancel)
    {
        var words = await log.LastStartAsync(home.Of(record.Name), cancel);
        return new(FailureKind.Refused, $"Instance \"{record.Name}\" does not start. Its server says:\n{words}\n", "Correct what it names, then run this again.");
    }

    private static async Task ListensEverywhereAsync(ServerRecord record, int pid, CancellationToken cancel)
    {
        if (await ListenAddresses.FindUnboundAsync(record.ListenAddresses, record.Port, pid, cancel) is { Count: > 0 } missing)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"Instance \"{record.Name}\" runs, but could not listen on {string.Join(", ", missing)}, port {record.Port}.",
                $"Give {Term.Property("listenAddresses")} addresses of this machine whose port is free.");
        }
    }

    /// <remarks>
    /// No server runs on the directory, and only this instance's sockets are in that folder. If the pid in a lock file nevertheless exists, it
    /// belongs to another process by now, or to an unreaped zombie; PostgreSQL would refuse to start. A pid that does not exist is handled by
    /// PostgreSQL itself.
    /// </remarks>
    private async Task RemoveStaleLockFilesAsync(ServerRecord record, InstancePaths paths, CancellationToken cancel)
    {
        foreach (var path in (string[])[Path.Combine(paths.Data, "postmaster.pid"), Path.Combine(paths.Socket, $".s.PGSQL.{record.Port.ToString(CultureInfo.InvariantCulture)}.lock")])
        {
            var claimed = await account.TryAsync(cancel, "sh", "-c", """test -f "$0" && head -c 64 "$0" """, path);
            if (int.TryParse(claimed.StandardOutput.Split('\n')[0], CultureInfo.InvariantCulture, out var pid) && Directory.Exists($"/proc/{pid}") && !Postmaster.RunsOn(pid, paths.Data))
            {
                await account.RunAsync(cancel, "rm", "-f", path);
            }
        }
    }

    /// <summary>Removes the shared memory of a killed server. An orderly shutdown has removed the file that leads to it.</summary>
    private async Task RemoveSharedMemoryAsync(string name, CancellationToken cancel)
    {
        var data = home.Of(name).Data;
        if (File.Exists(Path.Combine(data, "postmaster.pid")))
        {
            helper.Install();
            await account.TryAsync(cancel, helper.Path, ArchiveCommands.RemoveSharedMemory, data);
        }
    }

    private async Task EndAsync(string name, string signal, TimeSpan limit, CancellationToken cancel)
    {
        var data = home.Of(name).Data;
        if (Postmaster.Find(data) is not { } server)
        {
            return;
        }
        // As the servers' user, so that a reused pid cannot belong to a process of root.
        await account.TryAsync(cancel, "sh", "-c", $"kill -{signal} {server.Pid.ToString(CultureInfo.InvariantCulture)}");
        await Poll.UntilAsync(
            limit,
            Poll.Interval,
            time,
            _ => Task.FromResult(Postmaster.Find(data) is null),
            () => new(FailureKind.TimedOut, $"Instance \"{name}\" has not stopped after {limit.TotalMinutes:0.#} minutes.", "See its log; it may be archiving or writing a checkpoint."),
            cancel);
    }
}

/// <summary>A server that is running or starting.</summary>
/// <param name="Record">The record, with the version that runs.</param>
/// <param name="Pid">The postmaster's process id.</param>
/// <param name="Lives">Returns false once it has ended.</param>
internal sealed record StartedServer(ServerRecord Record, int Pid, Func<bool> Lives);
