using System.Collections.Concurrent;
using MiniEngine.Programs;
using MiniEngine.Providers;
using MiniEngine.State;
using MiniEngine.Values;

namespace MiniEngine.Deployments;

/// <summary>The providers of a run: one connection for each instance (protocol 1.5), opened on demand, closed together.</summary>
internal sealed class ProviderRegistry(Run run, ProviderLauncher launcher) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<Urn, Lazy<Task<ProviderInstance>>> defaults = new();
    private readonly ConcurrentDictionary<string, Lazy<Task<IProvider>>> recorded = new();
    private readonly ConcurrentDictionary<string, ProviderInstance> registered = new();
    private readonly ConcurrentDictionary<ProviderConnection, bool> open = new();

    public static string TypeOf(string package) => $"pulumi:providers:{package}";

    /// <summary>Made by the engine, not by the program: never shown.</summary>
    public static bool IsDefault(Urn urn) =>
        urn.Type.StartsWith(TypeOf(""), StringComparison.Ordinal) && urn.Name.StartsWith("default", StringComparison.Ordinal);

    /// <summary>The provider of a package that the program configures through the stack; one for each version asked for (protocol 4.1, end).</summary>
    public Task<ProviderInstance> DefaultAsync(string package, string? version)
    {
        var name = version is null ? "default" : "default_" + version.Replace('.', '_');
        var urn = run.Urn(TypeOf(package), name);
        return defaults.GetOrAdd(urn, _ => new(() => RegisterAsync(urn, package, run.Config.OfPackage(package), new() { Version = version }))).Value;
    }

    /// <summary>A provider that the program declares.</summary>
    public async Task<ProviderInstance> RegisterAsync(Urn urn, string package, Map inputs, ResourceOptions options)
    {
        var instance = await new ProviderRegistration(run, this, urn, package, options).RunAsync(inputs);
        registered[instance.Reference] = instance;
        return instance;
    }

    /// <summary>The provider that a recorded resource belongs to.</summary>
    public async Task<IProvider> OfAsync(ResourceState resource)
    {
        var reference = resource.Provider!;
        return registered.TryGetValue(reference, out var instance)
            ? instance.Provider
            : await recorded.GetOrAdd(reference, _ => new(() => LoadAsync(reference))).Value;
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

    /// <summary>Passes Ctrl-C on (protocol 1.5).</summary>
    public Task CancelAsync() => Task.WhenAll(open.Keys.Select(connection => connection.CancelAsync(TimeSpan.FromSeconds(30))));

    public async ValueTask DisposeAsync() => await Task.WhenAll(open.Keys.Select(CloseAsync));

    /// <summary>Configure only, with the recorded inputs (protocol 4.1).</summary>
    private async Task<IProvider> LoadAsync(string reference)
    {
        var state = run.Snapshot.Current.Resources.FirstOrDefault(resource => $"{resource.Urn}::{resource.Id}" == reference)
            ?? throw new UserException($"The provider \"{reference}\" is not in the state.");
        var package = state.Urn.Type[TypeOf("").Length..];
        var connection = await OpenAsync(package, (state.Inputs["version"]?.Bare as Text)?.Content);
        return new RemoteProvider(connection, connection.ConfigureAsync(state.Urn, state.Id, package, state.Inputs));
    }
}
