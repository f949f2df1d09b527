using System.Security.Cryptography;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Changes a resource from its recorded state to what the program declares (protocol 4.2).</summary>
internal sealed class Registrar(Run run, ProviderRegistry providers, ResourceSteps steps, Ledger ledger, Targets targets, Refresh refresh)
{
    private readonly Dependants dependants = new(run, providers, ledger);
    private readonly Imports imports = new(run);

    public async Task<Registered> RegisterAsync(Goal goal)
    {
        if (!ledger.TryRegister(goal.Urn))
            throw run.Refuse(goal.Urn, $"The program has \"{goal.Urn.Name}\" twice. Give one of them another name.");
        var old = run.Base.Find(goal.Urn);
        if (old is not null && run.Choice is { Refresh: true, RunProgram: true } && targets.Include(old.Urn, StateGraph.NeededBy(old)))
        {
            ledger.Settle(goal.Urn);
            old = await run.BesidesAsync(() => refresh.ReadAsync(old, recorded: true));
        }
        if (run.Mode is not Mode.Update)
            return await LookAtAsync(goal, old);
        var naming = new Naming(RandomNumberGenerator.GetBytes(32), Autonaming.For(run, goal.Urn));
        var imported = goal.Options.Import is { } id && (old is null or { External: true } || (old.ImportId ?? old.Id) != id);
        if (imported)
            old = await run.DecideAsync(() => Task.FromResult(() => imports.TakeAsync(goal, old, ledger)));
        return await run.DecideAsync(() => DecideAsync(goal, old, naming));
    }

    /// <summary>In a refresh and a destroy nothing is created: the program sees the recorded resource.</summary>
    private async Task<Registered> LookAtAsync(Goal goal, ResourceState? old)
    {
        if (old is null || goal.Needed.Any(ledger.IsSkipped))
            return Skip(goal, old);
        ledger.Settle(goal.Urn);
        return run.Mode is Mode.Destroy ? await steps.KeepAsync(old) : new(goal.Urn, old.Id, old.Outputs, Complete: true);
    }

    private Registered Skip(Goal goal, ResourceState? old)
    {
        ledger.Skip(goal.Urn);
        return new(goal.Urn, old?.Id, old?.Outputs ?? Map.Empty, Complete: false);
    }

    private async Task<Func<Task<Registered>>> DecideAsync(Goal goal, ResourceState? old, Naming naming)
    {
        try
        {
            return await ChooseAsync(goal, old, naming);
        }
        catch (ProviderException error)
        {
            throw run.Refuse(goal.Urn, error.Message);
        }
    }

    private async Task<Func<Task<Registered>>> ChooseAsync(Goal goal, ResourceState? old, Naming naming)
    {
        var target = targets.Include(goal.Urn, goal.Needed);
        var again = ledger.IsDeleted(goal.Urn);
        var forced = targets.Replace(goal.Urn, old);
        // protocol 4.2.2: Check of a new resource gets no old inputs
        var anew = old is null or { External: true } || again || forced;
        var news = anew ? goal.Inputs : IgnoredChanges.Reset(goal.Inputs, old!.Inputs, goal.Options.IgnoreChanges);
        var inputs = target ? await CheckAsync(goal, anew ? Map.Empty : old!.Inputs, news, naming) : old?.Inputs ?? Map.Empty;
        if (target && !targets.Name(goal.Urn))
            ledger.Target(goal.Urn);
        if (target && targets.Confined && goal.Needed.FirstOrDefault(ledger.IsSkipped) is { } missing)
            run.Object(goal.Urn, $"\"{goal.Urn.Name}\" needs \"{missing.Name}\", which is not there and was not named as a target.");
        if (again)
        {
            ledger.Replace(goal.Urn);
            return () => steps.CreateAsync(goal, inputs, Op.CreateReplacement, [], old);
        }
        if (old is { External: false } && !target)
        {
            ledger.Settle(goal.Urn);
            return () => steps.KeepAsync(old);
        }
        if (!target)
            return () => Task.FromResult(Skip(goal, old));
        if (old is null or { External: true })
        {
            ledger.Settle(goal.Urn);
            return () => steps.CreateAsync(goal, inputs, old is null ? Op.Create : Op.CreateReplacement, [], old, retires: true);
        }
        var decision = await CompareAsync(goal, old, inputs, forced);
        if (decision.Verdict is Verdict.Replace || old.PendingReplacement)
            return await ReplaceAsync(goal, old, forced ? inputs : null, naming, decision);
        ledger.Settle(goal.Urn);
        return decision.Verdict is Verdict.Same && old.InitErrors is []
            ? () => steps.SameAsync(goal, old, inputs)
            : () => steps.UpdateAsync(goal, old, inputs, decision.Changes);
    }

    /// <summary>Calls Diff, except for resources that are replaced anyway (protocol 4.2.3).</summary>
    private async Task<Decision> CompareAsync(Goal goal, ResourceState old, Map inputs, bool forced)
    {
        if (forced)
            return Decision.Forced("id", goal.Options);
        if (goal.ReplaceWith.Any(ledger.IsReplaced))
            return Decision.Forced("replaceWith", goal.Options);
        if (goal.DeletedWith is { } with && ledger.IsReplaced(with))
            return Decision.Forced("deletedWith", goal.Options);
        if (await ChangesProviderAsync(goal, old))
            return Decision.Forced("provider", goal.Options);
        return Decision.Of(await goal.Provider.Provider.DiffAsync(old, inputs, goal.Options.IgnoreChanges), old, inputs, goal.Options);
    }

    /// <summary>Whether another or a replaced provider requires a replacement: the new one is asked (protocol 4.2.3).</summary>
    private async Task<bool> ChangesProviderAsync(Goal goal, ResourceState old)
    {
        if (old.Provider == goal.Provider.Reference)
            return false;
        var before = run.Base.Find(ProviderRegistry.UrnOf(old.Provider!)) ?? throw new ProviderException($"The provider \"{old.Provider}\" is not in the state.");
        return Decision.Replaces(await goal.Provider.Connection.DiffConfigAsync(goal.Provider.Urn, before.Inputs, before.Outputs, goal.Provider.Inputs));
    }

    /// <param name="checkedAnew">The inputs, if they were already checked without the old ones.</param>
    private async Task<Func<Task<Registered>>> ReplaceAsync(Goal goal, ResourceState old, Map? checkedAnew, Naming naming, Decision decision)
    {
        if (old.Protect && goal.Options.Protect)
            run.Object(goal.Urn, $"\"{goal.Urn.Name}\" is protected and would be replaced. Set its protect to false and run up first.");
        if (goal.Options.Import is not null)
            RefuseImported(goal);
        ledger.Replace(goal.Urn);
        var inputs = checkedAnew ?? await CheckAsync(goal, Map.Empty, goal.Inputs, naming);
        if (!decision.DeleteFirst && !Autonaming.Repeats(run.Config))
            return () => steps.CreateAsync(goal, inputs, Op.CreateReplacement, decision.Changes, old, retires: true);

        var doomed = await dependants.CondemnAsync(old);
        if (!old.PendingReplacement)
        {
            ledger.Delete(old.Urn);
            doomed = doomed.Add(old);
        }
        return async () =>
        {
            foreach (var gone in doomed)
                await steps.DeleteFirstAsync(gone, () => providers.OfAsync(gone));
            return await steps.CreateAsync(goal, inputs, Op.CreateReplacement, decision.Changes, old);
        };
    }

    private void RefuseImported(Goal goal)
    {
        var reason = $"\"{goal.Urn.Name}\" would be replaced while its \"import\" option stands in the program. Remove the option, now that the resource is imported.";
        if (!run.Preview)
            throw run.Refuse(goal.Urn, reason);
        run.Log.Warn(goal.Urn, reason);
    }

    private async Task<Map> CheckAsync(Goal goal, Map olds, Map news, Naming naming)
    {
        // outside a preview, inputs are unknown only if they depend on something that was skipped
        var answer = await goal.Provider.Provider.CheckAsync(goal.Urn, olds, run.Preview ? news : news.Known, naming);
        foreach (var failure in answer.Failures)
            run.Log.Error(goal.Urn, CheckFailures.Describe(failure, news));
        if (answer.Failures is not [])
            throw new AbandonedException();
        return run.Preview || answer.Inputs.IsKnown ? answer.Inputs : throw new ProviderException("Check answered with an unknown value outside a preview.");
    }
}
