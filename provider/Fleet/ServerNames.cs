using PgFleet.Failures;

namespace PgFleet.Fleet;

/// <summary>The servers that one engine has recorded.</summary>
internal interface IServerRecords
{
    /// <summary>The server of that name; null when this engine has none.</summary>
    NamedServer? FindNamed(string name);
}

/// <summary>A server that has a name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Kind">The resource type that it can be imported as.</param>
internal sealed record NamedServer(string Name, string Kind)
{
    /// <summary>The failure for a name that is taken. A null <paramref name="remedy"/> suggests another name or an import.</summary>
    public ResourceFailure TakenFailure(Message? remedy = null) => new(
        FailureKind.Conflict,
        $"Instance \"{Name}\" exists already.",
        remedy ?? Message.Of($"Choose another name, or take it over: {Term.Import(Kind, Name, Name)}"));
}

/// <summary>The name space of a fleet's servers. Each engine keeps its own records, and asks here about the names of the others.</summary>
internal sealed class ServerNames
{
    private readonly List<IServerRecords> engines = [];

    public void Add(IServerRecords records) => engines.Add(records);

    /// <summary>The server of another engine that has the name; null when there is none.</summary>
    public NamedServer? FindOther(string name, IServerRecords own) =>
        engines.Where(engine => engine != own).Select(engine => engine.FindNamed(name)).FirstOrDefault(named => named is not null);
}
