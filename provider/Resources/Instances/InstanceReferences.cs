using PgFleet.Engines;
using PgFleet.Failures;

namespace PgFleet.Resources.Instances;

/// <summary>Finds the instance that a resource refers to, and checks its status.</summary>
internal static class InstanceReferences
{
    /// <summary>The name space that all instances share: managed, restored and linked ones.</summary>
    public const string Space = "instance";

    /// <summary>Returns an instance to create something on. A stopped one is started by the first connection.</summary>
    public static async Task<Server> GetAsync(IServerDirectory servers, string name, CancellationToken cancel) =>
        await FindAsync(servers, name, cancel) is not { } server ? throw Missing(name)
        : server.Status is ServerStatus.Degraded ? throw NotAvailable(server)
        : server;

    /// <summary>
    /// Returns the instance of something to read, alter or drop; null when it certainly does not exist. An instance whose data is lost still exists.
    /// </summary>
    public static async Task<Server?> FindAsync(IServerDirectory servers, string name, CancellationToken cancel)
    {
        var server = await servers.FindAsync(name, cancel);
        return server is { Status: ServerStatus.Unfinished or ServerStatus.Lost or ServerStatus.Unreachable } ? throw NotAvailable(server) : server;
    }

    public static ResourceFailure Missing(string name) => new(
        FailureKind.Missing,
        $"Instance \"{name}\" does not exist.",
        $"Provision it first: declare a {Term.Resource("DatabaseInstance")} that has this name, or a {Term.Resource("LinkedInstance")} if somebody else runs it, and pass its {Term.Property("id")}, or correct {Term.Property("instance")}.");

    public static ResourceFailure NotAvailable(Server server) => new(
        FailureKind.Unavailable,
        $"Instance \"{server.Name}\" is not available but {server.Status.ToString().ToLowerInvariant()}{(server.Reason is { } reason ? Message.Of($": {reason.TrimEnd('.')}.") : ".")}",
        "Bring it back by applying its resource, then run again.");
}
