using PgFleet.Engines;

namespace PgFleet.Tests.Engines.Local;

/// <summary>One server for the tests of a class that only read it.</summary>
public sealed class SharedServer : IAsyncLifetime
{
    internal TestHome Home { get; } = new();

    internal ManagedServer Server { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Server = await Home.CreateAsync();

    public ValueTask DisposeAsync() => Home.DisposeAsync();
}
