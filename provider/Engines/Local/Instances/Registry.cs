using System.Text.Json;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Instances;

/// <summary>The records of all instances in a home. Reading takes no lock; writing is for whoever holds the instance's.</summary>
/// <param name="names">Null where no other engine's servers matter.</param>
internal sealed class Registry(Home home, ServerNames? names = null) : IServerRecords
{
    /// <summary>Null when there is certainly no instance of that name.</summary>
    public ServerRecord? Find(string name) =>
        Home.IsName(name) ? FormattedFile.Find(home.Of(name).Record, ServerRecord.CurrentFormat, LocalJson.Default.ServerRecord)?.Upgraded() : null;

    public ServerRecord Get(string name) =>
        Find(name) ?? throw (IsLinked(name) ? InstanceFailures.LinkedFailure(name) : home.MissingFailure(name));

    /// <summary>Whether a server that others run has that name.</summary>
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
