using System.Collections.Immutable;
using MiniEngine.Deployments;
using MiniEngine.Display;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine;

/// <summary>A stack driven by this program: a stand-in for Pulumi's engine.</summary>
internal sealed class MiniStack(string folder, StackOptions options, IDisplay display) : IStack
{
    private readonly Vault vault = new(options.Variable(Vault.Variable));

    public MiniStack(string folder, StackOptions? options = null)
        : this(folder, options ?? new(), new NoDisplay())
    {
    }

    public Task ConfigureAsync(string key, string value, bool secret = false, CancellationToken cancel = default)
    {
        var project = ProjectReader.Read(folder);
        StackConfigFile.Set(StackConfig.Load(project, options.Stack, vault).File, StackConfig.FullName(project.Name, key), secret ? vault.Encrypt(value) : value, secret);
        return Task.CompletedTask;
    }

    public Task<StackResult> PreviewAsync(CancellationToken cancel = default) => RunAsync("Previewing", Program, cancel, preview: true);

    /// <summary>A preview, then the same again for real, with providers started afresh (protocol 4.2).</summary>
    public async Task<StackResult> UpAsync(bool refresh = false, CancellationToken cancel = default)
    {
        if (refresh && await RefreshAsync(cancel) is { Succeeded: false } refreshed)
            return refreshed;
        if (!options.SkipPreview && await PreviewAsync(cancel) is { Succeeded: false } preview)
            return preview;
        return await RunAsync("Updating", Program, cancel);
    }

    public Task<StackResult> RefreshAsync(CancellationToken cancel = default) => RunAsync("Refreshing", async (run, providers) =>
    {
        await new Refresh(run, providers).RunAsync();
        return new();
    }, cancel);

    public Task<StackResult> ImportAsync(string type, string name, string id, bool protect = true, CancellationToken cancel = default) =>
        RunAsync("Importing", async (run, providers) =>
        {
            var urn = run.Urn(type, name);
            if (run.Snapshot.Current.Find(urn) is not null)
                throw new UserException($"The stack has \"{name}\" already. Import under another name.");
            var provider = await providers.DefaultAsync(urn.Package, null);
            var goal = new Goal(urn, Map.Empty, new() { Import = id, Protect = protect }, [], ImmutableSortedDictionary<string, ImmutableArray<Urn>>.Empty, provider);
            return new() { Program = ImportedProgram.Write(urn, await new Imports(run).AdoptAsync(goal), protect) };
        }, cancel);

    public Task<StackResult> DestroyAsync(CancellationToken cancel = default) => RunAsync("Destroying", async (run, providers) =>
    {
        await new Deletions(run, providers, new(run)).RunAsync(run.Snapshot.Current.Resources);
        if (!run.Log.Failed)
            await run.Snapshot.EditAsync(state => state with { Outputs = Map.Empty });
        return new();
    }, cancel);

    /// <summary>What the last run recorded.</summary>
    public StackState Load() => new StateFile(folder, options.Stack, vault).Load();

    private static async Task<Yield> Program(Run run, ProviderRegistry providers) =>
        new() { Outputs = await new ProgramRun(run, providers).RunAsync() };

    private async Task<StackResult> RunAsync(string doing, Func<Run, ProviderRegistry, Task<Yield>> work, CancellationToken cancel, bool preview = false)
    {
        display.Began($"{doing} ({options.Stack})");
        var log = new RunLog(display);
        var file = new StateFile(folder, options.Stack, vault);
        try
        {
            var project = ProjectReader.Read(folder);
            using var held = preview ? null : file.Lock();
            using var snapshot = new Snapshot(file.Load(), preview ? null : file);
            using var run = new Run(project, StackConfig.Load(project, options.Stack, vault), options, snapshot, log, preview, cancel);
            var yield = await RunAsync(run, work);
            if (cancel.IsCancellationRequested)
                log.Error(null, "The run was cancelled.");
            return Results.Of(log, snapshot.Current, yield);
        }
        catch (UserException error)
        {
            log.Error(null, error.Message);
            return Results.Of(log, new(), new());
        }
    }

    private static async Task<Yield> RunAsync(Run run, Func<Run, ProviderRegistry, Task<Yield>> work)
    {
        await using var engine = await EngineHost.StartAsync(run.Log, run.Urn("pulumi:pulumi:Stack", $"{run.Project.Name}-{run.Options.Stack}"));
        await using var providers = new ProviderRegistry(run, new(run.Project, run.Config, run.Options, engine));
        await using var passingOn = run.Cancel.Register(() => _ = providers.CancelAsync());
        try
        {
            return await work(run, providers);
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
