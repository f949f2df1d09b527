using System.Text.Json;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Instances;

/// <summary>The records of all instances in a home. Reading takes no lock; a writer holds the instance's lock.</summary>
/// <param name="home">The fleet's home.</param>
/// <param name="names">The names of all engines' servers; null where there are no other engines.</param>
internal sealed class Registry(Home home, ServerNames? names = null) : IServerRecords
{
    /// <summary>Returns an instance's record; null when it certainly does not exist.</summary>
    public ServerRecord? Find(string name) =>
        Home.IsName(name) ? FormattedFile.Find(home.Of(name).Record, ServerRecord.CurrentFormat, LocalJson.Default.ServerRecord)?.Upgraded() : null;

    public ServerRecord Get(string name) =>
        Find(name) ?? throw (IsLinked(name) ? InstanceFailures.LinkedFailure(name) : home.MissingFailure(name));

    /// <summary>True if a linked server has that name.</summary>
    public bool IsLinked(string name) => names?.FindOther(name, this) is not null;

    public NamedServer? FindNamed(string name) => Find(name) is { } record ? new(name, record.ResourceKind) : null;

    public IEnumerable<ServerRecord> List() => home.Names().Select(Find).OfType<ServerRecord>();

    public ServerRecord Write(ServerRecord record)
    {
        var paths = home.Of(record.Name);
        Folders.Ensure(paths.Folder, Modes.Passage);
        DurableFile.Write(paths.Record, JsonSerializer.Serialize(record, LocalJson.Default.ServerRecord), Modes.Private);
        return record;
    }
}
