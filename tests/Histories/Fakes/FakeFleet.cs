using PgFleet.Engines;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Progress;

namespace PgFleet.Histories.Fakes;

/// <summary>The engine of a fake world, in one process.</summary>
/// <param name="faults">The faults of the process: once it has ended, it does not change the world any more.</param>
internal sealed class FakeFleet(FakeWorld world, Faults faults) : IServerEngine, IRecoverable, IAdministratorAccess
{
    private readonly FakeCreation creation = new(world, faults);
    private readonly FakeSources sources = new(world);

    public Task<string?> FindIdentityAsync(CancellationToken cancel) => Task.FromResult(world.State.Identity);

    public Task<IReadOnlyList<Server>> ListAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<Server>>([.. world.State.Servers.Values.Select(Seen)]);

    public bool Has(string name) => world.Find(name) is not null;

    public Task<ManagedServer?> FindAsync(string name, CancellationToken cancel) => Task.FromResult(world.Find(name) is { } server ? Seen(server) : null);

    async Task<Server?> IServerDirectory.FindAsync(string name, CancellationToken cancel) => await FindAsync(name, cancel);

    public Task<Admin> OpenAsync(string name, string database, CancellationToken cancel) =>
        throw new ResourceFailure(FailureKind.Unavailable, $"\"{name}\" is a fake.", "Ask for its databases.");

    public Task<IReadOnlyList<Problem>> PreflightAsync(ManagedServer? prior, ServerSpec spec, CancellationToken cancel) => Task.FromResult<IReadOnlyList<Problem>>([.. Problems(prior, spec)]);

    public async Task<ManagedServer> CreateAsync(ServerSpec spec, OperationContext<ManagedServer> work)
    {
        using var alone = await world.TakeAsync(spec.Name, work.Cancel);
        world.Edit(state => state with { Identity = state.Identity ?? "fake@nowhere" });
        try
        {
            return Seen(creation.Create(spec, work));
        }
        catch when (world.Find(spec.Name) is { Record.State: not RecordState.Available } begun)
        {
            work.SavePartial(Seen(begun));
            throw;
        }
    }

    public async Task<ManagedServer> ApplyAsync(ServerSpec spec, OperationContext work, Claim? claim = null)
    {
        using var alone = await world.TakeAsync(spec.Name, work.Cancel);
        var server = world.Find(spec.Name) ?? throw world.Home.MissingFailure(spec.Name);
        server.Record.RequireRestoredFor(spec);
        if (server.Record.State != RecordState.Available && claim?.Means($"{server.Record.Identity}", server.Record.CreatedAt) == false)
        {
            server.Record.RequireBegunBy(spec);
        }
        return Seen(server.Record.State == RecordState.Available ? creation.Change(server, spec, work) : creation.Resume(server, spec, work));
    }

    public Task<RecoveryWindow> GetWindowAsync(string source, CancellationToken cancel) => Task.FromResult(sources.Get(source, null).Window(world.Home, world.State.Now));

    public async Task DeleteAsync(string name, OperationContext work, Claim? claim = null)
    {
        using var alone = await world.TakeAsync(name, work.Cancel);
        if (world.Find(name) is not { } server)
        {
            return;
        }
        if (claim?.Means($"{server.Record.Identity}", server.Record.CreatedAt) == false)
        {
            work.Warn(Claim.LeftAlone(name));
            return;
        }
        server.Record.RequireUnprotected();
        creation.Delete(server, work);
    }

    public Task<IReadOnlyList<DeletedServer>> ListDeletedAsync(CancellationToken cancel) =>
        Task.FromResult<IReadOnlyList<DeletedServer>>([.. world.State.Deleted.Select(server => server.Restorable(world.Home).Deleted!)]);

    public Task<IReadOnlyList<string>> ListDamagedAsync(CancellationToken cancel) => Task.FromResult<IReadOnlyList<string>>([]);

    public Task<string> BackUpAsync(string name, OperationContext work) => throw new NotSupportedException("No resource takes a backup.");

    public Task<string> PurgeAsync(string deleted, OperationContext work) => throw new NotSupportedException("No resource purges.");

    private IEnumerable<Problem> Problems(ManagedServer? prior, ServerSpec spec)
    {
        var record = world.Find(spec.Name)?.Record;
        if (prior is null && record?.State == RecordState.Available)
        {
            yield return new("name", InstanceFailures.TakenFailure(record, spec.Urn).Text);
        }
        if (prior is null && record is { State: not RecordState.Available } && !record.IsBegunBy(spec))
        {
            yield return new("name", InstanceFailures.BegunByAnotherFailure(record).Text);
        }
        if (prior is { Status: not ServerStatus.Unfinished, Spec.Origin: null } && spec.Origin is not null)
        {
            yield return new("name", RestoreOrigin.NoneFailure(spec.Name).Text);
        }
        if (prior is null && spec.Origin is { } origin && !(record is { State: not RecordState.Available } && record.Origin?.Asked == origin) && sources.FindRefusal(origin) is { } refusal)
        {
            yield return refusal;
        }
    }

    private static ManagedServer Seen(FakeServer server) => new()
    {
        Name = server.Record.Name,
        Identity = $"{server.Record.Identity}",
        Username = server.Record.Username,
        Status = server.Record.State == RecordState.Available ? ServerStatus.Available : ServerStatus.Unfinished,
        Host = "127.0.0.1",
        Port = server.Record.Port,
        Version = server.Record.ServerVersion,
        CreatedAt = server.Record.CreatedAt,
        Spec = server.Record.Spec,
        Restored = server.Record.Origin is { Instant: var instant } && server.Record.State == RecordState.Available ? new(instant ?? server.Past[0].At, 2) : null,
    };
}
