using System.Text.Json;
using PgFleet.Failures;

namespace PgFleet.Engines.Local;

/// <summary>The records of all instances in a home. Reading takes no lock; writing is for whoever holds the instance's.</summary>
internal sealed class Registry(Home home)
{
    /// <summary>Null when there is certainly no instance of that name.</summary>
    public ServerRecord? Find(string name) =>
        Home.IsName(name) ? FormattedFile.Find(home.Of(name).Record, ServerRecord.CurrentFormat, LocalJson.Default.ServerRecord)?.Upgraded() : null;

    public ServerRecord Get(string name) =>
        Find(name) ?? throw (IsLinked(name) ? Texts.LinkedFailure(name) : Missing(name, home));

    /// <summary>Whether another's server bears that name.</summary>
    public bool IsLinked(string name) => Home.IsName(name) && File.Exists(home.LinkOf(name));

    public static ResourceFailure Missing(string name, Home home) =>
        new(FailureKind.Missing, $"Instance \"{name}\" does not exist in \"{home.Root}\".", "Create it first, or correct the name.");

    public IEnumerable<ServerRecord> List() => home.Names().Select(Find).OfType<ServerRecord>();

    public ServerRecord Write(ServerRecord record)
    {
        var paths = home.Of(record.Name);
        Folders.Ensure(paths.Folder, Modes.Passage);
        DurableFile.Write(paths.Record, JsonSerializer.Serialize(record, LocalJson.Default.ServerRecord), Modes.Private);
        return record;
    }
}
