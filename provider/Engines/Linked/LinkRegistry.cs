using System.Text.Json;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Linked;

/// <summary>The records of all linked servers in a home. Reading takes no lock; a writer holds the name's lock.</summary>
internal sealed class LinkRegistry(Home home) : IServerRecords
{
    /// <summary>Returns a linked server's record; null when it certainly does not exist.</summary>
    public LinkRecord? Find(string name) =>
        Home.IsName(name) ? FormattedFile.Find(home.LinkOf(name), LinkRecord.CurrentFormat, LinkJson.Default.LinkRecord)?.Upgraded() : null;

    public LinkRecord Get(string name) =>
        Find(name) ?? throw home.MissingFailure(name);

    public NamedServer? FindNamed(string name) => Home.IsName(name) && File.Exists(home.LinkOf(name)) ? new(name, "LinkedInstance") : null;

    public IEnumerable<LinkRecord> List() => home.LinkNames().Select(Find).OfType<LinkRecord>();

    public LinkRecord Write(LinkRecord record)
    {
        var file = home.LinkOf(record.Link.Name);
        Folders.Ensure(Path.GetDirectoryName(file)!, Modes.PrivateFolder);
        DurableFile.Write(file, JsonSerializer.Serialize(record, LinkJson.Default.LinkRecord), Modes.Private);
        return record;
    }

    public void Delete(string name)
    {
        var file = home.LinkOf(name);
        if (File.Exists(file))
        {
            File.Delete(file);
            Posix.SyncDirectory(Path.GetDirectoryName(file)!);
        }
    }
}
