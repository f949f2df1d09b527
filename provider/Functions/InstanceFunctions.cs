using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Resources;

namespace PgFleet.Functions;

/// <summary>What exists, without touching it. An unknown name is a failure: nothing is made for a slip of the keyboard.</summary>
internal sealed class InstanceFunctions(IServers servers, ApplicationStore applications)
{
    public async Task<ListInstancesResult> ListAsync(ListInstancesArgs args, CancellationToken cancel) => new()
    {
        Instances = await servers.ListAsync(cancel).Select(Summary).OrderBy(server => server.Name, StringComparer.Ordinal).ToListAsync(cancel),
    };

    public async Task<InstanceSummary> GetAsync(GetInstanceArgs args, CancellationToken cancel) => Summary(await GetServerAsync(args.Name, cancel));

    public async Task<Server> GetServerAsync(string name, CancellationToken cancel) =>
        await servers.FindAsync(name, cancel)
        ?? throw new ResourceFailure(
            FailureKind.Missing,
            $"There is no instance \"{name}\".",
            await servers.ListAsync(cancel).Select(found => $"\"{found.Name}\"").Order().ToListAsync(cancel) is { Count: > 0 } names
                ? $"This fleet has {string.Join(", ", names)}."
                : "This fleet has none yet.");

    private InstanceSummary Summary(Server server) => new()
    {
        Name = server.Name,
        Status = InstanceSpec.StatusName(server.Status),
        Reason = server.Reason,
        Host = server.Host,
        Port = server.Port,
        Username = server.Username,
        ServerVersion = server.Version,
        Applications = applications.BoundTo(server.Name),
        CreatedAt = InstanceSpec.Time(server.CreatedAt),
        Linked = server is not MadeServer,
    };
}
