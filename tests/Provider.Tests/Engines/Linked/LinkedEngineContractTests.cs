using PgFleet.Engines;

namespace PgFleet.Tests.Engines.Linked;

public sealed class LinkedEngineContractTests : ServersContract
{
    internal override async Task<IServersUnderTest> NewServersAsync(params string[] names)
    {
        var test = new LinkedServersUnderTest();
        try
        {
            foreach (var name in names)
            {
                await test.AddAsync(name);
            }
            return test;
        }
        catch
        {
            await test.DisposeAsync();
            throw;
        }
    }

    private sealed class LinkedServersUnderTest : IServersUnderTest
    {
        private readonly LinkHome home = new();
        private readonly Dictionary<string, HostedServer> hosted = [];

        public IServerDirectory Servers => home.Engine;

        public IAdministratorAccess Administrator => home.Engine;

        public IMigrationAccess Migrations => home.Engine;

        public async Task AddAsync(string name) => await home.LinkAsync((hosted[name] = await HostedServer.StartAsync()).Link(name));

        public Task SilenceAsync(string name) => hosted[name].Scratch!.StopAsync();

        public async ValueTask DisposeAsync()
        {
            foreach (var server in hosted.Values)
            {
                await server.DisposeAsync();
            }
            await home.DisposeAsync();
        }
    }
}
