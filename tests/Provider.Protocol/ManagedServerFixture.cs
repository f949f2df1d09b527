namespace PgFleet.Protocol;

/// <summary>A server "main" that may be deleted, for the tests of a class.</summary>
public sealed class ManagedServerFixture : IAsyncLifetime
{
    internal TemporaryHome Home { get; } = new();

    internal Recorded Server { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await using var run = await EngineRun.BeginAsync(Home.Path);
        Server = await run.CreateAsync(
            Wire.Instance, "srv", Wire.Struct("""{"name": "main", "username": "shopkeeper", "password": "correct-horse", "deletionProtection": false}"""));
    }

    public async ValueTask DisposeAsync() => await Home.DisposeAsync();
}
