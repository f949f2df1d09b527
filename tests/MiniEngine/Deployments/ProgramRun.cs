using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Runs the program: every variable and resource as soon as what it is made from is there; then ends what the program no longer has.</summary>
internal sealed class ProgramRun : IScope
{
    private readonly Run run;
    private readonly ProviderRegistry providers;
    private readonly Claims claims = new();
    private readonly ResourceSteps steps;
    private readonly Registrar registrar;
    private readonly ExternalResources externals;
    private readonly Evaluator evaluator;
    private readonly References references;
    private readonly Dictionary<string, Lazy<Task<Registered>>> resources;
    private readonly Dictionary<string, Lazy<Task<ProviderInstance>>> explicitProviders;
    private readonly Dictionary<string, Lazy<Task<Value>>> variables;

    public ProgramRun(Run run, ProviderRegistry providers)
    {
        (this.run, this.providers) = (run, providers);
        steps = new(run);
        registrar = new(run, providers, steps, claims);
        externals = new(run, claims);
        evaluator = new(this);
        references = new(run);
        explicitProviders = run.Project.Resources.Where(resource => resource.ProviderOf is not null)
            .ToDictionary(resource => resource.Key, resource => new Lazy<Task<ProviderInstance>>(() => RegisterProviderAsync(resource)));
        resources = run.Project.Resources
            .ToDictionary(resource => resource.Key, resource => new Lazy<Task<Registered>>(() => RegisterAsync(resource)));
        variables = run.Project.Variables
            .ToDictionary(variable => variable.Key, variable => new Lazy<Task<Value>>(() => evaluator.EvaluateAsync(variable.Value)));
    }

    /// <returns>The stack's outputs.</returns>
    public async Task<Map> RunAsync()
    {
        foreach (var operation in run.Snapshot.Current.Pending)
            run.Log.Warn(operation.Urn, $"An earlier run ended while it was {operation.Kind} \"{operation.Urn.Name}\"; what it left, if anything, is not known here. A refresh forgets it.");
        var all = await Task.WhenAll(resources.Values.Select(AttemptAsync).Concat(variables.Values.Select(AttemptAsync)));
        if (all.Contains(false) || run.Stopped || run.Log.Failed)
            return run.Snapshot.Current.Outputs;
        await new Deletions(run, providers, steps).RunAsync(run.Snapshot.Current.Resources.Where(resource => resource.Delete || !claims.IsRegistered(resource.Urn)));
        var outputs = await evaluator.EvaluateMapAsync(new(run.Project.Outputs));
        if (!run.Log.Failed)
            await run.Snapshot.EditAsync(state => state with { Outputs = outputs });
        return outputs;
    }

    public async Task<Value> FindAsync(Access access)
    {
        if (resources.TryGetValue(access.Name, out var resource))
            return References.Find(access, await resource.Value);
        var value = variables.TryGetValue(access.Name, out var variable) ? await variable.Value
            : access.Name == ProgramOrder.BuiltIn ? references.BuiltIn
            : run.Config.Get(access.Name);
        return access.Path.Find(value) ?? throw new UserException($"{access.Where}: \"{access.Name}\" has no \"{access.Path}\".");
    }

    public async Task<Value> InvokeAsync(Invoke invoke, Map arguments)
    {
        var provider = await ProviderAsync(invoke.Function.Split(':')[0], invoke.Provider, invoke.Version);
        try
        {
            return await provider.Provider.InvokeAsync(invoke.Function, arguments, run.Preview);
        }
        catch (ProviderException error)
        {
            throw new UserException($"{invoke.Where}: {error.Message}");
        }
    }

    /// <summary>Whether all went well; if not, it has been said why.</summary>
    private async Task<bool> AttemptAsync<T>(Lazy<Task<T>> work)
    {
        try
        {
            await work.Value;
            return true;
        }
        catch (AbandonedException)
        {
            return false;
        }
        catch (UserException error)
        {
            if (!run.Log.Diagnostics.Any(diagnostic => diagnostic.Message == error.Message))
                run.Log.Error(null, error.Message);
            return false;
        }
    }

    private async Task<Registered> RegisterAsync(ResourceDeclaration declaration)
    {
        if (declaration.ProviderOf is not null)
        {
            var instance = await explicitProviders[declaration.Key].Value;
            var inputs = run.Snapshot.Current.Find(instance.Urn)!.Outputs;
            return new(instance.Urn, instance.Id, inputs, Complete: true);
        }
        var properties = await evaluator.EvaluateMapAsync(declaration.Properties);
        var id = declaration.Get is null ? null : await evaluator.EvaluateAsync(declaration.Get);
        foreach (var needed in declaration.Options.DependsOn)
            await resources[needed].Value;
        var goal = new Goal(
            run.Urn(declaration.Type, declaration.Name),
            properties,
            declaration.Options,
            references.To(declaration.Names.Where(name => name != declaration.Options.Provider)),
            declaration.Properties.Items.Select(item => KeyValuePair.Create(item.Key, references.To(item.Value.Names)))
                .Where(item => item.Value is not []).ToImmutableSortedDictionary(),
            await ProviderAsync(declaration.Package, declaration.Options.Provider, declaration.Options.Version));
        return await run.InTurnAsync(() => id is null ? registrar.RegisterAsync(goal) : externals.ReadAsync(goal, id));
    }

    private async Task<ProviderInstance> RegisterProviderAsync(ResourceDeclaration declaration)
    {
        var urn = run.Urn(declaration.Type, declaration.Name);
        var inputs = await evaluator.EvaluateMapAsync(declaration.Properties);
        await claims.RegisterAsync(urn);
        return await run.InTurnAsync(() => providers.RegisterAsync(urn, declaration.ProviderOf!, inputs, declaration.Options));
    }

    private async Task<ProviderInstance> ProviderAsync(string package, string? name, string? version)
    {
        if (name is not null)
            return await explicitProviders[name].Value;
        if (run.Stopped)
            throw new AbandonedException();
        var instance = await providers.DefaultAsync(package, version);
        await claims.RegisterAsync(instance.Urn);
        return instance;
    }
}
