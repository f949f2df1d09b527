using System.Text.RegularExpressions;
using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Fleet;

/// <summary>The layout of the engine's folder: every path in it is made here.</summary>
internal sealed partial class Home(string folder)
{
    /// <summary>With no link in it: the system names a process's folder by its real path.</summary>
    public string Root { get; } = RealPath(folder);

    public string Identity => Path.Combine(Root, "fleet.json");

    public string Programs => Path.Combine(Root, "bin");

    public string Locks => Path.Combine(Root, "locks");

    /// <summary>What is being deleted, moved here first so that its name is free and a killed deletion is found again.</summary>
    public string Trash => Path.Combine(Root, "trash");

    /// <summary>What is kept of deleted servers: a folder each, by name and identity, so that it stands in no other's way.</summary>
    public string Deleted => Path.Combine(Root, "deleted");

    /// <summary>What is known of servers that others run: a file each, with their administrators' credentials.</summary>
    private string Links => Path.Combine(Root, "links");

    public string Applications => Path.Combine(Root, "applications");

    /// <summary>What everything else hangs on.</summary>
    private IReadOnlyList<string> Trusted => [Root, Instances, Deleted, Trash, Programs, Locks];

    private string Instances => Path.Combine(Root, "instances");

    /// <summary>Whether an instance may bear that name. Whatever else is asked for, such as a path, does not exist.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    public InstancePaths Of(string name) => IsName(name)
        ? new(Path.Combine(Instances, name))
        : throw new ResourceFailure(FailureKind.Refused, $"\"{name}\" is no instance's name.", "Use 3 to 16 of a-z, 0-9 and _.");

    public ResourceFailure MissingFailure(string name) =>
        new(FailureKind.Missing, $"Instance \"{name}\" does not exist in \"{Root}\".", "Create it first, or correct the name.");

    public string LinkOf(string name) => Path.Combine(Links, $"{Of(name).Name}.json");

    /// <summary>Where a server's folder goes when it is deleted and its archive is kept.</summary>
    public InstancePaths DeletedOf(string name, Guid instanceId) => new(Path.Combine(Deleted, $"{name}@{instanceId:N}"));

    public IEnumerable<InstancePaths> DeletedFolders() =>
        Directory.Exists(Deleted) ? Directory.EnumerateDirectories(Deleted).Order(StringComparer.Ordinal).Select(path => new InstancePaths(path)) : [];

    public IEnumerable<string> Names() =>
        Directory.Exists(Instances) ? Directory.EnumerateDirectories(Instances).Select(path => Path.GetFileName(path)).Where(IsName).Order(StringComparer.Ordinal) : [];

    public IEnumerable<string> LinkNames() =>
        Directory.Exists(Links) ? Directory.EnumerateFiles(Links, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Where(IsName).Order(StringComparer.Ordinal) : [];

    /// <exception cref="ResourceFailure">Somebody else made it, or can change it.</exception>
    public void Ensure()
    {
        foreach (var passage in (string[])[Root, Instances, Deleted, Trash])
        {
            Folders.Ensure(passage, Modes.Passage);
        }
        Folders.Ensure(Programs, Modes.Program);
        Folders.Ensure(Locks, Modes.PrivateFolder);
        Trust.Require(Root, Trusted);
    }

    /// <summary>What would keep the home from being used, or a new one from being safe; null when nothing does.</summary>
    /// <remarks>One that is there already is used as it always was, whoever owns what it lies in.</remarks>
    public string? FindForeign() => Directory.Exists(Root)
        ? Trusted.Where(Directory.Exists).FirstOrDefault(path => !Trust.IsOwn(path))
        : Trust.FindForeign(Existing(Root));

    /// <summary>The nearest part of the home that exists, for questions about its disk and its owner.</summary>
    public static string Existing(string path) => Directory.Exists(path) ? path : Existing(Path.GetDirectoryName(path) ?? "/");

    [GeneratedRegex(@"^[a-z0-9_]{3,16}\z")]
    private static partial Regex Name();

    private static string RealPath(string path)
    {
        var parts = Path.GetFullPath(path).Split('/', StringSplitOptions.RemoveEmptyEntries);
        return parts.Aggregate("/", (parent, part) => Followed(new(Path.Combine(parent, part))));
    }

    private static string Followed(DirectoryInfo folder) =>
        folder.LinkTarget is null ? folder.FullName : RealPath(folder.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
}

/// <summary>One instance's folder. It and <see cref="Conf"/> belong to the provider's user, the rest to the servers'.</summary>
internal sealed record InstancePaths(string Folder)
{
    private const string Attempt = "building.";

    public string Name => Path.GetFileName(Folder);

    public string Record => Path.Combine(Folder, "record.json");

    public string AuthorityKey => Path.Combine(Folder, "ca.key");

    public string Conf => Path.Combine(Folder, "conf");

    public string Data => Path.Combine(Folder, "data");

    /// <summary>What attempts to make the data have left, finished or not.</summary>
    public IEnumerable<string> Attempts => Directory.EnumerateDirectories(Folder, $"{Attempt}*");

    /// <summary>The WAL that a restored server replays before it is its own.</summary>
    public string Replay => Path.Combine(Folder, "wal.replay");

    public string Socket => Path.Combine(Folder, "socket");

    public string Log => Path.Combine(Folder, "log");

    public string Archive => Path.Combine(Folder, "archive");

    public string ArchiveConfig => Path.Combine(Conf, "archive.json");

    /// <summary>What the server's archive_command runs.</summary>
    public string ArchiveScript => Path.Combine(Conf, "archive.sh");

    public string Authority => Path.Combine(Conf, "ca.crt");

    /// <summary>When a deleted server was deleted.</summary>
    public string Deletion => Path.Combine(Folder, "deleted.json");

    /// <summary><see cref="ArchiveConfig"/> with the paths of what is kept of a deleted server.</summary>
    public string KeptArchiveConfig => Path.Combine(Folder, "archive.json");

    /// <summary>Folders for one attempt to make the data, to be renamed when they are whole: what a killed provider has left at work knows others.</summary>
    public (string Data, string Replay) NewAttempt()
    {
        var place = Path.Combine(Folder, $"{Attempt}{Guid.NewGuid():N}");
        return ($"{place}.data", $"{place}.wal");
    }

    /// <summary>Missing or emptied data is lost; PostgreSQL cannot start without this file.</summary>
    public bool HasData => File.Exists(Path.Combine(Data, "global", "pg_control"));
}
