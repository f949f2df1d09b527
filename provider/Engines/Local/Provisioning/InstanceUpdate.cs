using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Engines.Local.Provisioning;

/// <summary>
/// Changes an existing instance to match a spec. Compares with the running server, not with the record, so that an interrupted change is repeated.
/// </summary>
internal sealed class InstanceUpdate(Home home, Registry registry, ConfigurationFiles files, ServerProcess process, AdminConnections connections, TimeProvider time)
{
    /// <summary>Time limit for restoring a server after a change that it rejected.</summary>
    private static readonly TimeSpan RestoreLimit = TimeSpan.FromMinutes(5);

    /// <returns>The record as it was written.</returns>
    /// <exception cref="ResourceFailure">The server rejected the change. If it was running, it runs as before.</exception>
    public async Task<ServerRecord> ApplyAsync(ServerRecord current, ServerSpec spec, OperationContext work)
    {
        current.RequireFixed(spec);
        if (!home.Of(current.Name).HasData)
        {
            throw InstanceFailures.LostFailure(current.Name);
        }
        var username = spec.Username ?? current.Username;
        var desired = current.With(spec) with { StoppedByUser = false };
        desired = await ConfigureAsync(current, desired, work);
        desired = registry.Write(desired with { Username = current.Username });
        work.Step("configured the server");
        await using var admin = await connections.OpenAsync(desired, AdminPool.Maintenance, work.Cancel);
        var role = new LoginRole(admin.Connection);
        await role.RenameAsync(current.Username, username, work.Cancel);
        desired = registry.Write(desired with { Username = username });
        work.Step("named the login role");
        await role.EnsureAsync(desired.Username, work.Cancel);
        if (spec.Password is { } password)
        {
            await role.SetPasswordAsync(desired.Username, password, work.Cancel);
        }
        work.Step("set the login role's password");
        return desired;
    }

    private async Task<ServerRecord> ConfigureAsync(ServerRecord current, ServerRecord desired, OperationContext work)
    {
        var running = Postmaster.Find(home.Of(current.Name).Data) is not null;
        try
        {
            return await ConfigureAsync(desired, ParametersOf(current, desired), work);
        }
        catch (Exception) when (running)
        {
            await RestoreAsync(current);
            throw;
        }
    }

    private async Task<ServerRecord> ConfigureAsync(ServerRecord desired, IEnumerable<string> concerned, OperationContext work)
    {
        if (Postmaster.Find(home.Of(desired.Name).Data) is { } running && await TryReloadAsync(running, desired, concerned, work.Cancel))
        {
            return await process.EnsureRunningAsync(desired, work.Cancel);
        }
        await RequirePortAsync(desired, work.Cancel);
        work.Step("restarting the server");
        await process.StopAsync(desired.Name, work.Cancel);
        return await process.EnsureRunningAsync(desired, work.Cancel);
    }

    /// <returns>False when the change needs a restart.</returns>
    private async Task<bool> TryReloadAsync(Postmaster running, ServerRecord desired, IEnumerable<string> concerned, CancellationToken cancel)
    {
        files.Write(desired);
        if (!files.Of(desired).IsStartedWith(running.Arguments.Skip(1)) || (await ListenAddresses.FindUnboundAsync(desired.ListenAddresses, desired.Port, running.Pid, cancel)).Count > 0)
        {
            return false;
        }
        await using var admin = await connections.OpenAsync(desired, AdminPool.Maintenance, cancel);
        return await new Reload(admin.Connection, time).TryAsync(concerned, cancel);
    }

    /// <summary>Checks the new port before the server is stopped for it.</summary>
    private async Task RequirePortAsync(ServerRecord desired, CancellationToken cancel)
    {
        if (Postmaster.Find(home.Of(desired.Name).Data) is { } own && Listeners.Of(own.Pid, desired.Port).Count == 0)
        {
            Ports.RequireFree(desired.Name, await ListenAddresses.ResolveAsync(desired.ListenAddresses, cancel), desired.Port);
        }
    }

    private async Task RestoreAsync(ServerRecord previous)
    {
        using var limit = new CancellationTokenSource(RestoreLimit, time);
        try
        {
            await ConfigureAsync(previous, previous.Parameters.Keys, new(limit.Token));
        }
        catch (Exception again) when (again is ResourceFailure or OperationCanceledException)
        {
            // The original failure is the one to report; a stopped server shows in the status.
        }
    }

    private static IEnumerable<string> ParametersOf(ServerRecord current, ServerRecord desired) =>
        current.Parameters.Keys.Union(desired.Parameters.Keys, StringComparer.OrdinalIgnoreCase);
}
