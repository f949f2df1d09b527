using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Deletion;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Preflight;
using PgFleet.Engines.Local.Processes;
using PgFleet.Engines.Local.Provisioning;
using PgFleet.Engines.Local.Recovery;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Postgres;
using PgFleet.Postgres.Sessions;
using PgFleet.Postgres.Sql;
using PgFleet.Progress;

namespace PgFleet.Engines.Local;

/// <summary>Manages PostgreSQL servers on this machine: runs PostgreSQL's own programs and records the servers in files.</summary>
internal sealed class LocalEngine : IServerEngine, IAdministratorAccess, IMigrationAccess, IRecoverable, IStartStop
{
    private readonly Home home;
    private readonly Registry registry;
    private readonly Locks locks;
    private readonly FleetIdentity identity;
    private readonly AdminConnections connections;
    private readonly InstanceCreation creation;
    private readonly StartStop startStop;
    private readonly InstanceUpdate update;
    private readonly InstanceDeletion deletion;
    private readonly StatusReport status;
    private readonly InstancePreflight preflight;
    private readonly DeletedServers deleted;
    private readonly Restorables restorables;
    private readonly Purge purge;
    private readonly Housekeeping housekeeping;
    private readonly BackupNow backups;
    private readonly ExtensionFiles extensions;
    private readonly TimeProvider time;

    public LocalEngine(LocalOptions options, TimeProvider time, ServerNames? names = null)
    {
        this.time = time;
        home = new(options.Home);
        registry = new(home, names);
        names?.Add(registry);
        locks = new(home, time);
        identity = new(home);
        connections = new(home, time);
        var account = new ServiceAccount(options.ServiceUser);
        var installations = new Installations(options.BinDirectories);
        var helper = new HelperProgram(home, options.ProgramFolder);
        var files = new ConfigurationFiles(home, account, helper, time);
        var folders = new Folders(account, time);
        var process = new ServerProcess(home, account, installations, files, connections, helper, time);
        var run = new HelperProcess(account, helper, time);
        var source = new SourceServer(home, connections, time);
        var windows = new RecoveryWindowReader(home, run, source);
        deleted = new(home);
        var pins = new ArchivePins(home, registry, time);
        restorables = new(home, registry, deleted, windows, pins);
        var restoration = new Restoration(
            home,
            restorables,
            new(home, registry, account, folders, run, source, restorables),
            new(home, run, process, folders, connections, new(connections, new(restorables, source)), time),
            source);
        var provisioning = new InstanceProvisioning(
            home, registry, locks, new(registry), installations, new(home, account, folders), process, connections, helper, new(home, run), restoration, time);
        update = new(home, registry, files, process, connections, time);
        var expiry = new Expiry(time);
        var keeping = new Keeping(home, account, folders, run, expiry);
        var trash = new Trash(home, folders);
        deletion = new(home, registry, process, source, pins, keeping, trash);
        purge = new(deleted, registry, trash, pins);
        housekeeping = new(home, deleted, keeping, trash, pins, locks, expiry, time);
        creation = new(registry, provisioning, update, deletion, process, windows, restorables, time);
        startStop = new(home, registry, locks, process);
        extensions = new(installations, account);
        backups = new(home, registry, startStop, run);
        status = new(home, account, connections, time);
        preflight = new(registry, installations, new(home, account), new(home, registry), new(home, registry, windows, restorables), restorables);
        Boot = new(home, helper);
    }

    public BootUnit Boot { get; }

    public string Root => home.Root;

    public Task<string?> FindIdentityAsync(CancellationToken cancel) => EnvironmentErrors.TranslateAsync(() => Task.FromResult(identity.Find()));

    public Task<IReadOnlyList<Server>> ListAsync(CancellationToken cancel) => EnvironmentErrors.TranslateAsync<IReadOnlyList<Server>>(async () =>
        await Task.WhenAll(registry.List().Select(record => status.OfAsync(record, cancel))));

    public bool Has(string name) => registry.Find(name) is not null;

    public Task<ManagedServer?> FindAsync(string name, CancellationToken cancel) => EnvironmentErrors.TranslateAsync(async () =>
        registry.Find(name) is { } record ? await status.OfAsync(record, cancel) : null);

    async Task<Server?> IServerDirectory.FindAsync(string name, CancellationToken cancel) => await FindAsync(name, cancel);

    public Task<Admin> OpenAsync(string name, string database, CancellationToken cancel) => EnvironmentErrors.TranslateAsync(async () =>
    {
        var record = registry.Get(name).RequireFinished();
        if (Postmaster.Find(home.Of(name).Data) is null)
        {
            record = await startStop.StartIfStoppedAsync(name, cancel);
        }
        return await connections.OpenAsync(record, database, cancel);
    });

    public Task<IReadOnlySet<string>?> FindExtensionFilesAsync(string? version, CancellationToken cancel) => EnvironmentErrors.TranslateAsync(() => extensions.FindAsync(version, cancel));

    public Task<MigrationLogin> LendAsync(MigrationRequest request, CancellationToken cancel) => MigrationLogins.LendAsync(SessionsOn(request.Server), request, cancel);

    public Task ReturnAsync(MigrationRequest request, CancellationToken cancel) => MigrationLogins.ReturnAsync(SessionsOn(request.Server), request, cancel);

    public Task<IReadOnlyList<Problem>> PreflightAsync(ManagedServer? prior, ServerSpec spec, CancellationToken cancel) =>
        EnvironmentErrors.TranslateAsync<IReadOnlyList<Problem>>(async () => await preflight.CheckAsync(prior, spec, cancel));

    public Task<ManagedServer> CreateAsync(ServerSpec spec, OperationContext<ManagedServer> work) => WorkAsync(async () =>
    {
        ManagedParameters.RequireNone(spec.Parameters);
        using var instanceLock = await locks.TakeInstanceAsync(spec.Name, "created", work.Cancel);
        identity.Ensure();
        var before = registry.Find(spec.Name)?.Identity;
        try
        {
            return await status.OfAsync(await creation.CreateAsync(spec, work), work.Cancel);
        }
        // Save a server that this call created or took over, complete or not: it has a new identity. Another caller's server must not get into the state.
        catch when (registry.Find(spec.Name) is { } left && left.Identity != before)
        {
            work.SavePartial(await status.OfAsync(registry.Get(spec.Name), CancellationToken.None));
            throw;
        }
    }, work.Cancel);

    public Task<ManagedServer> ApplyAsync(ServerSpec spec, OperationContext work, Claim? claim = null) => WorkAsync(async () =>
    {
        ManagedParameters.RequireNone(spec.Parameters);
        using var instanceLock = await locks.TakeInstanceAsync(spec.Name, "changed", work.Cancel);
        var record = registry.Get(spec.Name);
        record.RequireRestoredFor(spec);
        if (record.State != RecordState.Available && claim?.Means($"{record.Identity}", record.CreatedAt) == false)
        {
            record.RequireBegunBy(spec);
        }
        // Removing the protection of a server whose data is lost must succeed, so that the rest of the program, which may declare its restore, can run.
        if (record.State == RecordState.Available && spec.Protected == false && !home.Of(spec.Name).HasData)
        {
            return await status.OfAsync(registry.Write(record with { Protected = false }), work.Cancel);
        }
        return await status.OfAsync(
            record.State == RecordState.Available ? await update.ApplyAsync(record, spec, work) : await creation.ResumeAsync(record, spec, work),
            work.Cancel);
    }, work.Cancel);

    public Task<RecoveryWindow> GetWindowAsync(string source, CancellationToken cancel) => EnvironmentErrors.TranslateAsync(async () =>
        (await restorables.FindWindowAsync(source, null, cancel)).Window);

    public Task<string> BackUpAsync(string name, OperationContext work) => EnvironmentErrors.TranslateAsync(() => backups.TakeAsync(name, work));

    public Task<IReadOnlyList<DeletedServer>> ListDeletedAsync(CancellationToken cancel) =>
        EnvironmentErrors.TranslateAsync(() => Task.FromResult<IReadOnlyList<DeletedServer>>([.. deleted.List().Select(server => server.Deleted!)]));

    public Task<IReadOnlyList<string>> ListDamagedAsync(CancellationToken cancel) =>
        EnvironmentErrors.TranslateAsync(() => Task.FromResult<IReadOnlyList<string>>([.. deleted.ListDamaged().Select(damage => damage.ToString())]));

    public Task<string> PurgeAsync(string asked, OperationContext work) => WorkAsync(() => purge.RunAsync(asked, work), work.Cancel);

    public Task DeleteAsync(string name, OperationContext work, Claim? claim = null) => WorkAsync(async () =>
    {
        if (Directory.Exists(home.Root) && Home.IsName(name))
        {
            using var instanceLock = await locks.TakeInstanceAsync(name, "deleted", work.Cancel);
            var record = registry.Find(name);
            if (record is not null && claim?.Means($"{record.Identity}", record.CreatedAt) == false)
            {
                work.Warn(Claim.LeftAlone(name));
                return name;
            }
            record?.RequireUnprotected();
            await deletion.DeleteAsync(name, work);
        }
        return name;
    }, work.Cancel);

    public Task<bool> StartAsync(string name, bool byUser, CancellationToken cancel) => WorkAsync(() => startStop.StartAsync(name, byUser, cancel), cancel);

    public Task StopAsync(string name, bool byUser, CancellationToken cancel) => WorkAsync(() => startStop.StopAsync(name, byUser, cancel), cancel);

    private Sessions SessionsOn(string server) => new((database, cancel) => OpenAsync(server, database, cancel), time);

    /// <summary>Runs an operation, and then pending housekeeping, whether it succeeded or not.</summary>
    private Task<T> WorkAsync<T>(Func<Task<T>> work, CancellationToken cancel) => EnvironmentErrors.TranslateAsync(async () =>
    {
        try
        {
            return await work();
        }
        finally
        {
            await housekeeping.RunAsync(cancel);
        }
    });
}
