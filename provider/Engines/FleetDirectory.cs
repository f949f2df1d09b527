using PgFleet.Postgres.Sessions;

namespace PgFleet.Engines;

/// <summary>The servers of several engines, whose names are one space.</summary>
/// <param name="engines">All of one fleet. The first is asked for what no server is needed for.</param>
internal sealed class FleetDirectory(params IReadOnlyList<IServerDirectory> engines) : IServerDirectory
{
    public Task<string?> FindIdentityAsync(CancellationToken cancel) => engines[0].FindIdentityAsync(cancel);

    public IAsyncEnumerable<Server> ListAsync(CancellationToken cancel) => engines.ToAsyncEnumerable().SelectMany(engine => engine.ListAsync(cancel));

    public bool Has(string name) => engines.Any(engine => engine.Has(name));

    public Task<Server?> FindAsync(string name, CancellationToken cancel) => Of(name).FindAsync(name, cancel);

    public Task<IReadOnlySet<string>?> FindExtensionFilesAsync(string? version, CancellationToken cancel) => engines[0].FindExtensionFilesAsync(version, cancel);

    public Task<Admin> OpenAsync(string name, string database, CancellationToken cancel) => Of(name).OpenAsync(name, database, cancel);

    /// <summary>The one that has it; of a name that none has, the first to say so.</summary>
    private IServerDirectory Of(string name) => engines.FirstOrDefault(engine => engine.Has(name)) ?? engines[0];
}
