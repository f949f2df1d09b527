using Npgsql;
using PgFleet.Engines;

namespace PgFleet.Tests.Engines.Local;

public sealed class LocalEngineContractTests : FleetEngineContract
{
    internal override IEngineUnderTest NewEngine() => new LocalEngineUnderTest();

    private sealed class LocalEngineUnderTest : IEngineUnderTest
    {
        private readonly TestHome home = new();

        public IServerEngine Engine => home.Engine;

        public Task<NpgsqlConnection> LogInAsync(ManagedServer server, string password) => TestHome.LogInAsync(server, password);

        public Task SilenceAsync(string name) => home.KillAsync(name);

        public ValueTask DisposeAsync() => home.DisposeAsync();
    }
}
