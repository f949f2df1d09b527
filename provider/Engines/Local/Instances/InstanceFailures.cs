using PgFleet.Failures;
using PgFleet.Fleet;

namespace PgFleet.Engines.Local.Instances;

/// <summary>Failures that a plan and an operation report in the same words.</summary>
internal static class InstanceFailures
{
    /// <summary>The name is taken by another instance. <paramref name="urn"/> is the Pulumi resource that asks for it.</summary>
    public static ResourceFailure TakenFailure(ServerRecord record, string? urn)
    {
        var named = new NamedServer(record.Name, record.ResourceKind);
        // The same resource created it. An import alone would not protect it from a pending deletion in the same state.
        return record.Urn is null || record.Urn != urn ? named.TakenFailure() : named.TakenFailure(
            "This very resource made it, so that the stack's state may have it still, to be deleted (\"delete\": true in pulumi stack export). If it is to stay, take it out there "
                + "(pulumi state delete), then bring it in with the resource option import. Otherwise choose another name.");
    }

    public static ResourceFailure BegunByAnotherFailure(ServerRecord record) => new(
        FailureKind.Conflict,
        $"Instance \"{record.Name}\" is there, unfinished: {(record.Urn is null ? "somebody who asked for something else" : record.Urn)} began it.",
        $"Have it finished there, remove it with \"pgfleet delete {record.Name}\", or choose another name.");

    public static Message Lost(string name) => $"{LostWhat(name)} {LostRemedy(name)}";

    public static ResourceFailure LostFailure(string name) => new(FailureKind.Refused, LostWhat(name), LostRemedy(name));

    public static Message Upgrade(string name, string from, string to) => $"{UpgradeWhat(name, from, to)} {UpgradeRemedy(to)}";

    public static ResourceFailure UpgradeFailure(string name, string from, string to) => new(FailureKind.Refused, UpgradeWhat(name, from, to), UpgradeRemedy(to));

    public static ResourceFailure StoppedFailure(string name) =>
        new(FailureKind.Unavailable, $"Instance \"{name}\" is stopped: a person stopped it.", $"Start it with \"pgfleet start {name}\".");

    public static string LinkedTaken(string name) => $"{LinkedTakenWhat(name)} {AnotherName}";

    public static ResourceFailure LinkedTakenFailure(string name) => new(FailureKind.Conflict, LinkedTakenWhat(name), AnotherName);

    public static string NoRecovery(string name) =>
        $"\"{name}\" is linked, and recovery is not available for linked servers: their archive is not pgfleet's. Restore it where it is run, or name an instance that this fleet made.";

    public static ResourceFailure LinkedFailure(string name) => new(
        FailureKind.Refused,
        $"\"{name}\" is linked: pgfleet does not run that server, so it can neither start nor stop it, and recovery is not available.",
        "Ask whoever runs it, or name an instance that this fleet made.");

    private const string AnotherName = "Choose another name.";

    private static string LinkedTakenWhat(string name) => $"\"{name}\" is the name of a linked server.";


    private static string LostWhat(string name) => $"The data of instance \"{name}\" are missing, and nothing is made in their place.";

    private static Message LostRemedy(string name) => $"Restore them as a new instance: a {Term.Resource("RestoredInstance")} whose {Term.Property("sourceInstance")} is \"{name}\", with a {Term.Property("restoreTime")} in the window that \"pgfleet window {name}\" shows.";

    private static string UpgradeWhat(string name, string from, string to) => $"Instance \"{name}\" runs PostgreSQL {from}, and an instance does not change to {to}.";

    private static Message UpgradeRemedy(string to) =>
        $"Make a new instance with {Term.Property("postgresVersion")} \"{to}\", copy the databases with pg_dump and pg_restore, move the applications, then delete this one.";
}
