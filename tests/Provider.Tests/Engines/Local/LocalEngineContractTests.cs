using PgFleet.Engines;

namespace PgFleet.Tests.Engines.Local;

public sealed class LocalEngineContractTests : FleetEngineContract
{
    internal override IEngineUnderTest NewEngine() => new LocalEngineUnderTest();

    private sealed class LocalEngineUnderTest : IEngineUnderTest
    {
        private readonly TestHome home = new();

        public IFleetEngine Engine => home.Engine;

        public string Login(Server server, string password) => TestHome.Login(server, password);

        public ValueTask DisposeAsync() => home.DisposeAsync();
    }
}
