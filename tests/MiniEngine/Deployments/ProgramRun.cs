using System.Collections.Immutable;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>Runs the program: evaluates every variable and resource as soon as its dependencies are available.</summary>
internal sealed class ProgramRun : IScope
{
    private readonly Run run;
    private readonly ProviderRegistry providers;
    private readonly Registrar registrar;
    private readonly ExternalResources externals;
    private readonly Evaluator evaluator;
    private readonly References references;
    private readonly Dictionary<string, Lazy<Task<Registered>>> resources;
    private readonly Dictionary<string, Lazy<Task<ProviderInstance>>> explicitProviders;
    private readonly Dictionary<string, Lazy<Task<Value>>> variables;

    public ProgramRun(Run run, ProviderRegistry providers, Registrar registrar, Ledger ledger)
    {
        (this.run, this.providers, this.registrar) = (run, providers, registrar);
        externals = new(run, ledger);
        evaluator = new(this);
        references = new(run);
        explicitProviders = run.Project.Resources.Where(resource => resource.ProviderOf is not null)
            .ToDictionary(resource => resource.Key, resource => new Lazy<Task<ProviderInstance>>(() => RegisterProviderAsync(resource)));
        resources = run.Project.Resources
            .ToDictionary(resource => resource.Key, resource => new Lazy<Task<Registered>>(() => RegisterAsync(resource)));
        variables = run.Project.Variables
            .ToDictionary(variable => variable.Key, variable => new Lazy<Task<Value>>(() => evaluator.EvaluateAsync(variable.Value)));
    }

    /// <returns>Whether all of it was evaluated.</returns>
    public async Task<bool> RunAsync()
    {
        foreach (var (package, version) in run.Project.Resources.Select(resource => (resource.ProviderOf ?? resource.Package, resource.Options.Version)).Distinct())
            await providers.DescribeAsync(package, version);
        var all = await Task.WhenAll(resources.Values.Select(AttemptAsync).Concat(variables.Values.Select(AttemptAsync)));
        return !all.Contains(false) && !run.Stopped;
    }

    /// <summary>The stack's outputs.</summary>
    public Task<Map> OutputsAsync() => evaluator.EvaluateMapAsync(new(run.Project.Outputs));

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

    /// <summary>Runs work; false if it failed, which was then reported.</summary>
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
            return new(instance.Urn, instance.Id, instance.Inputs, Complete: true);
        }
        var properties = await evaluator.EvaluateMapAsync(declaration.Properties);
        var id = declaration.Get is null ? null : await evaluator.EvaluateAsync(declaration.Get);
        foreach (var needed in (string[])[.. declaration.Options.DependsOn, .. declaration.Options.ReplaceWith, .. declaration.Options.DeletedWith is { } with ? (string[])[with] : []])
            await resources[needed].Value;
        var options = declaration.Options;
        var goal = new Goal(
            run.Urn(declaration.Type, declaration.Name),
            properties,
            options,
            references.To(declaration.Names.Where(name => name != options.Provider)),
            declaration.Properties.Items.Select(item => KeyValuePair.Create(item.Key, references.To(item.Value.Names)))
                .Where(item => item.Value is not []).ToImmutableSortedDictionary(),
            await ProviderAsync(declaration.Package, options.Provider, options.Version, options.PluginDownloadUrl))
        {
            ReplaceWith = references.To(options.ReplaceWith),
            DeletedWith = references.To(options.DeletedWith is { } other ? [other] : []).Cast<Urn?>().FirstOrDefault(),
        };
        return await (id is null ? registrar.RegisterAsync(goal) : externals.ReadAsync(goal, id));
    }

    private async Task<ProviderInstance> RegisterProviderAsync(ResourceDeclaration declaration)
    {
        var urn = run.Urn(declaration.Type, declaration.Name);
        var inputs = await evaluator.EvaluateMapAsync(declaration.Properties);
        return await providers.RegisterAsync(urn, declaration.ProviderOf!, inputs, declaration.Options);
    }

    private Task<ProviderInstance> ProviderAsync(string package, string? name, string? version, string? downloadUrl = null) =>
        name is not null ? explicitProviders[name].Value : providers.DefaultAsync(package, version, downloadUrl);
}
