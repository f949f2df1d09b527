using System.Collections.Concurrent;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>The providers of a run: one connection for each instance (protocol 1.5), opened on demand, closed together.</summary>
internal sealed class ProviderRegistry(Run run, ProviderLauncher launcher, Ledger ledger) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Urn, Lazy<Task<ProviderInstance>>> defaults = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<ProviderInstance>>> recorded = new();
    private readonly ConcurrentDictionary<string, ProviderInstance> registered = new();
    private readonly ConcurrentDictionary<ProviderConnection, bool> open = new();

    public static string TypeOf(string package) => $"pulumi:providers:{package}";

    public static bool IsProvider(Urn urn) => urn.Type.StartsWith(TypeOf(""), StringComparison.Ordinal);

    /// <summary>True for providers that the engine creates, not the program: they are never shown.</summary>
    public static bool IsDefault(Urn urn) => IsProvider(urn) && urn.Name.StartsWith("default", StringComparison.Ordinal);

    /// <summary>The URN in a reference such as <c>urn::id</c>.</summary>
    public static Urn UrnOf(string reference) => Urn.Parse(reference[..reference.LastIndexOf("::", StringComparison.Ordinal)]);

    /// <summary>The provider of a package that the program configures through the stack; one for each version and address asked for (protocol 4.1, end).</summary>
    public Task<ProviderInstance> DefaultAsync(string package, string? version, string? downloadUrl = null)
    {
        var name = string.Join('_', new[] { "default", version?.Replace('.', '_'), downloadUrl?.Replace("://", "_/", StringComparison.Ordinal) }.OfType<string>());
        var urn = run.Urn(TypeOf(package), name);
        return defaults.GetOrAdd(urn, _ => new(() => RegisterAsync(urn, package, run.Config.OfPackage(package), new() { Version = version }))).Value;
    }

    /// <summary>A provider that the program declares.</summary>
    public Task<ProviderInstance> RegisterAsync(Urn urn, string package, Map inputs, ResourceOptions options) => run.DecideAsync<ProviderInstance>(async () =>
    {
        ledger.Settle(urn);
        var instance = await new ProviderRegistration(run, this, urn, package, options).RunAsync(inputs);
        registered[instance.Reference] = instance;
        return () => Task.FromResult(instance);
    });

    /// <summary>The provider that a recorded resource belongs to.</summary>
    public async Task<IProvider> OfAsync(ResourceState resource)
    {
        var reference = resource.Provider!;
        return registered.TryGetValue(reference, out var instance)
            ? instance.Provider
            : (await recorded.GetOrAdd(reference, _ => new(() => LoadAsync(reference))).Value).Provider;
    }

    /// <summary>Finds a provider that is already running.</summary>
    public ProviderInstance? Find(ResourceState provider) =>
        recorded.TryGetValue($"{provider.Urn}::{provider.Id}", out var up) && up.Value.IsCompletedSuccessfully ? up.Value.Result : null;

    public void Retire(ResourceState provider) => ledger.Retire(provider);

    /// <summary>Asks a package for its schema, as the host of a YAML program does, by a process that does nothing else (protocol 4.1).</summary>
    public async Task DescribeAsync(string package, string? version)
    {
        try
        {
            var connection = await OpenAsync(package, version);
            await connection.CallAsync(client => client.GetSchemaAsync(new()));
            if (version is null)
                await connection.CallAsync(client => client.GetPluginInfoAsync(new()));
        }
        catch (ProviderException error)
        {
            throw new UserException(error.Message);
        }
    }

    public async Task<ProviderConnection> OpenAsync(string package, string? version)
    {
        var connection = await launcher.OpenAsync(package, version);
        open[connection] = true;
        if (version is not null && connection.Version.TrimStart('v') != version)
            run.Log.Warn(null, $"The provider of \"{package}\" is of version {connection.Version}; the program asks for {version}.");
        return connection;
    }

    public async Task CloseAsync(ProviderConnection connection)
    {
        open.TryRemove(connection, out _);
        try
        {
            await connection.DisposeAsync();
        }
        catch (ProviderException error)
        {
            run.Log.Error(null, error.Message);
        }
    }

    /// <summary>Forwards Ctrl-C (protocol 1.5).</summary>
    public Task CancelAsync() => Task.WhenAll(open.Keys.Select(connection => connection.CancelAsync(TimeSpan.FromSeconds(30))));

    public async ValueTask DisposeAsync() => await Task.WhenAll(open.Keys.Select(CloseAsync));

    /// <summary>Configure only, with the recorded inputs (protocol 4.1).</summary>
    private async Task<ProviderInstance> LoadAsync(string reference)
    {
        var state = run.Base.Resources.FirstOrDefault(resource => $"{resource.Urn}::{resource.Id}" == reference)
            ?? throw new UserException($"The provider \"{reference}\" is not in the state.");
        var package = state.Urn.Type[TypeOf("").Length..];
        var connection = await OpenAsync(package, (state.Inputs["version"]?.Bare as Text)?.Content);
        return new(state.Urn, state.Id, new RemoteProvider(connection, connection.ConfigureAsync(state.Urn, state.Id, package, state.Inputs)), state.Inputs, connection);
    }
}
