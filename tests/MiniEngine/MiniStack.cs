using MiniEngine.Deployments;
using MiniEngine.Display;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;

namespace MiniEngine;

/// <summary>A stack driven by this program: a stand-in for Pulumi's engine.</summary>
/// <param name="display">Shows the run; null: nothing is shown.</param>
internal sealed class MiniStack(string folder, StackOptions settings, ConsoleDisplay? display = null) : IStack
{
    private readonly Vault vault = Vault.Of(settings.Variable(Vault.Variable));

    public Task ConfigureAsync(string key, string value, bool secret = false, CancellationToken cancel = default)
    {
        var project = ProjectReader.Read(folder);
        StackConfigFile.Set(StackConfig.Load(project, settings.Stack, vault).File, StackConfig.FullName(project.Name, key), secret ? vault.Encrypt(value) : value, secret);
        return Task.CompletedTask;
    }

    public Task<StackResult> PreviewAsync(RunOptions? options = null, CancellationToken cancel = default) =>
        RunAsync("Previewing", options, deployment => deployment.UpdateAsync(), cancel, preview: true);

    /// <summary>A preview, then the update, with providers started afresh (protocol 4.2).</summary>
    public async Task<StackResult> UpAsync(RunOptions? options = null, CancellationToken cancel = default)
    {
        if (!settings.SkipPreview && await PreviewAsync(options, cancel) is { Succeeded: false } preview)
            return preview;
        return await RunAsync("Updating", options, deployment => deployment.UpdateAsync(), cancel);
    }

    public Task<StackResult> RefreshAsync(RunOptions? options = null, CancellationToken cancel = default) =>
        RunAsync("Refreshing", (options ?? new()) with { Refresh = true }, deployment => deployment.RefreshAsync(), cancel, Mode.Refresh);

    /// <summary>An import, and a second engine that generates the program text (protocol 4.4).</summary>
    public async Task<StackResult> ImportAsync(string type, string name, string id, bool protect = true, CancellationToken cancel = default)
    {
        var import = await RunAsync("Importing", null, (deployment, run) => deployment.ImportAsync(run.Urn(type, name), id, protect), cancel);
        if (!import.Succeeded)
            return import;
        var written = await RunAsync("Writing", null, deployment => deployment.DescribeAsync(type.Split(':')[0]), cancel, preview: true);
        return written.Succeeded ? import : written;
    }

    public Task<StackResult> DestroyAsync(RunOptions? options = null, CancellationToken cancel = default) =>
        RunAsync("Destroying", options, deployment => deployment.DestroyAsync(), cancel, Mode.Destroy);

    public async Task TaintAsync(string urn, CancellationToken cancel = default)
    {
        var file = File;
        using var held = file.Lock();
        using var snapshot = new Snapshot(file.Load(), file);
        var tainted = snapshot.Current.Find(Urn.Parse(urn)) ?? throw new UserException($"The stack has no \"{urn}\".");
        await snapshot.EditAsync(state => state.Edited(tainted, resource => resource with { Taint = true }));
    }

    /// <summary>The state that the last run recorded.</summary>
    public StackState Load() => File.Load();

    private StateFile File => new(folder, settings.Stack, vault);

    private Task<StackResult> RunAsync(string doing, RunOptions? choice, Func<Deployment, Task<Yield>> work, CancellationToken cancel, Mode mode = Mode.Update, bool preview = false) =>
        RunAsync(doing, choice, (deployment, _) => work(deployment), cancel, mode, preview);

    private async Task<StackResult> RunAsync(string doing, RunOptions? choice, Func<Deployment, Run, Task<Yield>> work, CancellationToken cancel, Mode mode = Mode.Update, bool preview = false)
    {
        display?.Began($"{doing} ({settings.Stack})");
        var log = new RunLog(display);
        try
        {
            var project = ProjectReader.Read(folder);
            using var held = preview ? null : File.Lock();
            using var snapshot = new Snapshot(File.Load().AtRest(), preview ? null : File, choice?.Kill ?? default);
            using var run = new Run(project, StackConfig.Load(project, settings.Stack, vault), settings, choice ?? new(), snapshot, log, preview, cancel) { Mode = mode };
            var yield = await OneAtATimeAsync(() => RunAsync(run, work));
            if (cancel.IsCancellationRequested)
                log.Error(null, "The run was cancelled.");
            if (run.Choice.Kill.IsCancellationRequested)
                throw new KilledException();
            return Results.Of(log, snapshot.Current, yield);
        }
        catch (UserException error)
        {
            log.Error(null, error.Message);
            return Results.Of(log, new(), new());
        }
        catch (KilledException error)
        {
            log.Error(null, error.Message);
            return Results.Of(log, Load(), new());
        }
    }

    /// <summary>Runs the engine's own decisions one after another, in the order of the program; only provider calls run in parallel.</summary>
    private static Task<T> OneAtATimeAsync<T>(Func<Task<T>> work) =>
        Task.Factory.StartNew(work, CancellationToken.None, TaskCreationOptions.None, new ConcurrentExclusiveSchedulerPair().ExclusiveScheduler).Unwrap();

    private async Task<Yield> RunAsync(Run run, Func<Deployment, Run, Task<Yield>> work)
    {
        await using var engine = settings.Listens ? await EngineHost.StartAsync(run.Log) : null;
        var ledger = new Ledger();
        await using var providers = new ProviderRegistry(run, new(run.Project, run.Config, run.Options, engine?.Address ?? "", run.Choice.Kill), ledger);
        await using var passingOn = run.Cancel.Register(() => _ = providers.CancelAsync());
        try
        {
            return await work(new(run, providers, ledger), run);
        }
        catch (AbandonedException)
        {
            return new();
        }
        catch (UserException error)
        {
            run.Log.Error(null, error.Message);
            return new();
        }
    }
}
