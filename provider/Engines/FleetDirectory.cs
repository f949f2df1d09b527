using PgFleet.Postgres.Sessions;

namespace PgFleet.Engines;

/// <summary>An engine of a fleet, with the capabilities that all engines have.</summary>
internal sealed record FleetEngine(IServerDirectory Servers, IAdministratorAccess Administrator, IMigrationAccess Migrations);

/// <summary>Combines the servers of several engines, whose names are unique across them.</summary>
/// <param name="engines">The engines of one fleet. Requests that need no server go to the first one.</param>
internal sealed class FleetDirectory(params IReadOnlyList<FleetEngine> engines) : IServerDirectory, IAdministratorAccess, IMigrationAccess
{
    public Task<string?> FindIdentityAsync(CancellationToken cancel) => engines[0].Servers.FindIdentityAsync(cancel);

    public async Task<IReadOnlyList<Server>> ListAsync(CancellationToken cancel) =>
        [.. (await Task.WhenAll(engines.Select(engine => engine.Servers.ListAsync(cancel)))).SelectMany(servers => servers)];

    public bool Has(string name) => engines.Any(engine => engine.Servers.Has(name));

    public Task<Server?> FindAsync(string name, CancellationToken cancel) => Of(name).Servers.FindAsync(name, cancel);

    public Task<IReadOnlySet<string>?> FindExtensionFilesAsync(string? version, CancellationToken cancel) => engines[0].Servers.FindExtensionFilesAsync(version, cancel);

    public Task<Admin> OpenAsync(string name, string database, CancellationToken cancel) => Of(name).Administrator.OpenAsync(name, database, cancel);

    public Task<MigrationLogin> LendAsync(MigrationRequest request, CancellationToken cancel) => Of(request.Server).Migrations.LendAsync(request, cancel);

    public Task ReturnAsync(MigrationRequest request, CancellationToken cancel) => Of(request.Server).Migrations.ReturnAsync(request, cancel);

    /// <summary>The engine that has the server; for an unknown name the first one, which reports it as missing.</summary>
    private FleetEngine Of(string name) => engines.FirstOrDefault(engine => engine.Servers.Has(name)) ?? engines[0];
}
