using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Implements the engine's commands, each in one run.</summary>
internal sealed class Deployment
{
    private readonly Run run;
    private readonly ProviderRegistry providers;
    private readonly Ledger ledger;
    private readonly Targets targets;
    private readonly ResourceSteps steps;
    private readonly Refresh refresh;

    public Deployment(Run run, ProviderRegistry providers, Ledger ledger)
    {
        (this.run, this.providers, this.ledger) = (run, providers, ledger);
        targets = new(run, ledger);
        steps = new(run, ledger);
        refresh = new(run, providers, ledger, targets);
    }

    /// <summary>Preview and up.</summary>
    public async Task<Yield> UpdateAsync()
    {
        if (!await BeginAsync())
            return new();
        var program = Program();
        if (!await program.RunAsync())
            return new();
        await Deletions().ClearUpAsync();
        targets.Verify();
        var outputs = await program.OutputsAsync();
        if (!run.Log.Failed)
            await run.Snapshot.EditAsync(state => state with { Outputs = outputs });
        return new() { Outputs = outputs };
    }

    public async Task<Yield> RefreshAsync()
    {
        if (run.Choice.RunProgram && !await Program().RunAsync())
            return new();
        await refresh.RunAsync();
        return new();
    }

    public async Task<Yield> DestroyAsync()
    {
        if (!await BeginAsync() || (run.Choice.RunProgram && !await Program().RunAsync()))
            return new();
        await Deletions().RunAsync(run.Snapshot.Current.Resources);
        targets.Verify();
        if (!run.Log.Failed && !targets.Confined)
            await run.Snapshot.EditAsync(state => state with { Outputs = Map.Empty });
        return new();
    }

    /// <summary>Makes a package describe itself, so that a program can be generated.</summary>
    public async Task<Yield> DescribeAsync(string package)
    {
        await providers.DescribeAsync(package, null);
        return new();
    }

    /// <summary>The import command: reads an existing resource and records it.</summary>
    public async Task<Yield> ImportAsync(Urn urn, string id, bool protect)
    {
        if (run.Base.Find(urn) is not null)
            throw new UserException($"The stack has \"{urn.Name}\" already. Import under another name.");
        var provider = await providers.DefaultAsync(urn.Package, null);
        var goal = new Goal(urn, Map.Empty, new() { Import = id, Protect = protect }, [], ImmutableSortedDictionary<string, ImmutableArray<Urn>>.Empty, provider);
        var inputs = await new Imports(run).AdoptAsync(goal);
        return new() { Program = ImportedProgram.Write(urn, inputs, protect) };
    }

    /// <summary>The common start of updates and destroys.</summary>
    private async Task<bool> BeginAsync()
    {
        if (run.Choice is { Refresh: true, RunProgram: false })
        {
            await refresh.RunAsync();
            return !run.Log.Failed && !run.Stopped;
        }
        if (!run.Preview)
        {
            foreach (var operation in run.Base.Pending)
                run.Log.Warn(operation.Urn, $"An earlier run ended while it was {operation.Kind} \"{operation.Urn.Name}\"; what it left, if anything, is not known here. A refresh forgets it.");
        }
        return true;
    }

    private ProgramRun Program() => new(run, providers, new(run, providers, steps, ledger, targets, refresh), ledger);

    private Deletions Deletions() => new(run, providers, steps, ledger, targets);
}
