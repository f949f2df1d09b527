using System.Security.Cryptography;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Takes a resource from what is recorded of it to what the program wants (protocol 4.2).</summary>
internal sealed class Registrar(Run run, ProviderRegistry providers, ResourceSteps steps, Claims claims)
{
    private readonly Dependants dependants = new(run, providers, steps, claims);
    private readonly Imports imports = new(run);

    public async Task<Registered> RegisterAsync(Goal goal)
    {
        await claims.RegisterAsync(goal.Urn);
        var naming = Naming(goal);
        var old = run.Snapshot.Current.Find(goal.Urn);
        if (old is { External: true })
            throw run.Refuse(goal.Urn, $"\"{goal.Urn.Name}\" was only read so far. MiniEngine does not take over such a resource: rename it, and import it.");
        if (old is null && goal.Options.Import is not null)
            return await imports.TakeAsync(goal, await CheckAsync(goal, Map.Empty, goal.Inputs, naming));
        // protocol 4.2.2: what is made anew does not see the old inputs
        var anew = old is null || old.PendingReplacement;
        var news = anew ? goal.Inputs : IgnoredChanges.Reset(goal.Inputs, old!.Inputs, goal.Options.IgnoreChanges);
        var inputs = await CheckAsync(goal, anew ? Map.Empty : old!.Inputs, news, naming);
        if (anew)
            return await steps.CreateAsync(goal, inputs, old is null ? Op.Create : Op.CreateReplacement, []);

        var decision = await DecideAsync(goal, old!, inputs);
        return decision.Verdict switch
        {
            Verdict.Same when old!.InitErrors is [] => await steps.SameAsync(goal, old, inputs),
            Verdict.Replace => await ReplaceAsync(goal, old!, news, naming, decision),
            _ => await steps.UpdateAsync(goal, old!, inputs, decision.Changes),
        };
    }

    private async Task<Decision> DecideAsync(Goal goal, ResourceState old, Map inputs)
    {
        if (ChangesProvider(goal, old))
            return new(Verdict.Replace, goal.Options.DeleteBeforeReplace ?? false, [new("provider", ChangeKind.Update, Replaces: true, old.Provider, goal.Provider.Reference)]);
        try
        {
            return Decision.Of(await goal.Provider.Provider.DiffAsync(old, inputs, goal.Options.IgnoreChanges), old, inputs, goal.Options);
        }
        catch (ProviderException error)
        {
            throw run.Refuse(goal.Urn, error.Message);
        }
    }

    /// <summary>The resource's provider was replaced, or is another; default providers differ by version alone (protocol 4.1, 4.2.3).</summary>
    private static bool ChangesProvider(Goal goal, ResourceState old)
    {
        if (old.Provider == goal.Provider.Reference)
            return false;
        var before = Urn.Parse(old.Provider![..old.Provider!.LastIndexOf("::", StringComparison.Ordinal)]);
        return before == goal.Provider.Urn || !ProviderRegistry.IsDefault(before) || !ProviderRegistry.IsDefault(goal.Provider.Urn);
    }

    private async Task<Registered> ReplaceAsync(Goal goal, ResourceState old, Map news, Naming naming, Decision decision)
    {
        if (old.Protect)
            throw run.Refuse(goal.Urn, $"\"{goal.Urn.Name}\" is protected and would be replaced. Set its protect to false and run up first.");
        if (goal.Options.Import is not null)
            throw run.Refuse(goal.Urn, $"\"{goal.Urn.Name}\" would be replaced while its \"import\" option stands in the program. Remove the option, now that the resource is imported.");
        var inputs = await CheckAsync(goal, Map.Empty, news, naming);
        var nameRepeats = Autonaming.Repeats(run.Config) && goal.Options.DeleteBeforeReplace is null;
        if (!decision.DeleteFirst && !nameRepeats)
            return await steps.CreateAsync(goal, inputs, Op.CreateReplacement, decision.Changes, successorOf: old);
        await dependants.DeleteAsync(old);
        await steps.DeleteFirstAsync(old, () => providers.OfAsync(old));
        return await steps.CreateAsync(goal, inputs, Op.CreateReplacement, decision.Changes);
    }

    private async Task<Map> CheckAsync(Goal goal, Map olds, Map news, Naming naming)
    {
        try
        {
            var answer = await goal.Provider.Provider.CheckAsync(goal.Urn, olds, news, naming);
            foreach (var failure in answer.Failures)
                run.Log.Error(goal.Urn, CheckFailures.Describe(failure, news));
            if (answer.Failures is not [])
                throw new AbandonedException();
            return run.Preview || answer.Inputs.IsKnown ? answer.Inputs : throw new ProviderException("Check answered with an unknown value outside a preview.");
        }
        catch (ProviderException error)
        {
            throw run.Refuse(goal.Urn, error.Message);
        }
    }

    /// <summary>One seed for both Checks of a replacement.</summary>
    private Naming Naming(Goal goal) => new(RandomNumberGenerator.GetBytes(32), Autonaming.For(run, goal.Urn));
}
