using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Resources.Instances;

namespace PgFleet.Functions;

/// <summary>Functions that read instances. An unknown name fails, so a typo cannot create a server.</summary>
internal sealed class InstanceFunctions(IServerDirectory servers, IRecoverable archives, ApplicationStore applications)
{
    public async Task<ListInstancesResult> ListAsync(ListInstancesArgs args, CancellationToken cancel) => new()
    {
        Instances = [.. (await servers.ListAsync(cancel)).Select(Summary).OrderBy(server => server.Name, StringComparer.Ordinal)],
        Deleted = [.. (await archives.ListDeletedAsync(cancel)).Select(Summary)],
        Damaged = await archives.ListDamagedAsync(cancel),
    };

    public async Task<InstanceSummary> GetAsync(GetInstanceArgs args, CancellationToken cancel) => Summary(await GetServerAsync(args.Name, cancel));

    public async Task<Server> GetServerAsync(string name, CancellationToken cancel) =>
        await servers.FindAsync(name, cancel)
        ?? throw new ResourceFailure(
            FailureKind.Missing,
            $"There is no instance \"{name}\".{await DeletedAsync(name, cancel)}",
            (await servers.ListAsync(cancel)).Select(found => $"\"{found.Name}\"").Order().ToList() is { Count: > 0 } names
                ? $"This fleet has {string.Join(", ", names)}."
                : "This fleet has none yet.");

    /// <summary>Mentions a deleted server of that name that can be restored.</summary>
    private async Task<Message> DeletedAsync(string name, CancellationToken cancel) =>
        Message.Join("", (await archives.ListDeletedAsync(cancel)).Where(server => server.Name == name || server.Identity == name)
            .Select(server => Message.Of($" It was deleted at {InstanceSpec.Time(server.DeletedAt)}; until {InstanceSpec.Time(server.KeptUntil)} a {Term.Resource("RestoredInstance")} whose {Term.Property("sourceInstance")} is \"{server.Identity}\" brings it back.")));

    private static DeletedSummary Summary(DeletedServer server) => new()
    {
        Name = server.Name,
        Identity = server.Identity,
        Username = server.Username,
        ServerVersion = server.Version,
        CreatedAt = InstanceSpec.Time(server.CreatedAt),
        DeletedAt = InstanceSpec.Time(server.DeletedAt),
        KeptUntil = InstanceSpec.Time(server.KeptUntil),
    };

    private InstanceSummary Summary(Server server) => new()
    {
        Name = server.Name,
        Status = InstanceSpec.StatusName(server.Status),
        Reason = server.Reason?.ToString(),
        Host = server.Host,
        Port = server.Port,
        Username = server.Username,
        ServerVersion = server.Version,
        Applications = applications.BoundTo(server.Name),
        CreatedAt = InstanceSpec.Time(server.CreatedAt),
        Linked = server is not ManagedServer,
    };
}
