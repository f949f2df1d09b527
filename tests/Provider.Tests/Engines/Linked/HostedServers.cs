namespace PgFleet.Tests.Engines.Linked;

/// <summary>Hosted servers shared by the tests of a class: one scratch server, and one of each kind.</summary>
public sealed class HostedServers : IAsyncLifetime
{
    private readonly Dictionary<string, Task<HostedServer>> byKind = [];

    internal HostedServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await HostedServer.StartAsync();

    internal Task<HostedServer> OfAsync(string kind)
    {
        lock (byKind)
        {
            return byKind.TryGetValue(kind, out var known) ? known : byKind[kind] = HostedServer.StartAsync(kind);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        foreach (var server in byKind.Values)
        {
            await (await server).DisposeAsync();
        }
    }
}
