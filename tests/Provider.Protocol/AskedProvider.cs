namespace PgFleet.Protocol;

/// <summary>One provider process for the tests of a class that create nothing.</summary>
public sealed class AskedProvider : IAsyncLifetime
{
    private readonly TemporaryHome home = new();
    private ProviderProcess? provider;

    internal ProviderProcess Process => provider!;

    internal string Home => home.Path;

    public async ValueTask InitializeAsync() => provider = await ProviderProcess.StartAsync(home.Path);

    public async ValueTask DisposeAsync()
    {
        if (provider is not null)
        {
            await provider.DisposeAsync();
        }
        await home.DisposeAsync();
    }
}
