using PgFleet.Failures;

namespace PgFleet.Fleet;

/// <summary>What one engine has written down of its servers.</summary>
internal interface IServerRecords
{
    /// <summary>What has the name; null: nothing that this engine knows of.</summary>
    NamedServer? FindNamed(string name);
}

/// <summary>A server that has a name.</summary>
/// <param name="Kind">The resource that it can be imported as.</param>
internal sealed record NamedServer(string Name, string Kind)
{
    /// <param name="remedy">Null: another name, or an import.</param>
    public ResourceFailure TakenFailure(string? remedy = null) => new(
        FailureKind.Conflict,
        $"Instance \"{Name}\" exists already.",
        remedy ?? $"Choose another name, or take it over: pulumi import pgfleet:index:{Kind} {Name} {Name}");
}

/// <summary>The one name space of a fleet's servers. Each engine keeps records of its own, and asks here for the names of the others.</summary>
internal sealed class ServerNames
{
    private readonly List<IServerRecords> engines = [];

    public void Add(IServerRecords records) => engines.Add(records);

    /// <summary>The server of another engine that has the name; null: none has it.</summary>
    public NamedServer? FindOther(string name, IServerRecords own) =>
        engines.Where(engine => engine != own).Select(engine => engine.FindNamed(name)).FirstOrDefault(named => named is not null);
}
