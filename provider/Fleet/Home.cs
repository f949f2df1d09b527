using System.Text.RegularExpressions;
using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Fleet;

/// <summary>The layout of the fleet's folder: every path in it is defined here.</summary>
internal sealed partial class Home(string folder)
{
    /// <summary>The path with all links resolved, because the kernel reports a process's folder by its real path.</summary>
    public string Root { get; } = RealPath(folder);

    public string Identity => Path.Combine(Root, "fleet.json");

    public string Programs => Path.Combine(Root, "bin");

    public string Locks => Path.Combine(Root, "locks");

    /// <summary>Things being deleted, moved here first so that the name is free and an interrupted deletion can be resumed.</summary>
    public string Trash => Path.Combine(Root, "trash");

    /// <summary>Kept archives of deleted servers: one folder each, by name and identity, so that names can be reused.</summary>
    public string Deleted => Path.Combine(Root, "deleted");

    /// <summary>Linked servers: one file each, with the administrator's credentials.</summary>
    private string Links => Path.Combine(Root, "links");

    public string Applications => Path.Combine(Root, "applications");

    /// <summary>The folders whose integrity everything else depends on.</summary>
    private IReadOnlyList<string> Trusted => [Root, Instances, Deleted, Trash, Programs, Locks];

    private string Instances => Path.Combine(Root, "instances");

    /// <summary>True for valid instance names. Anything else, such as a path, does not exist.</summary>
    public static bool IsName(string name) => Name().IsMatch(name);

    public InstancePaths Of(string name) => IsName(name)
        ? new(Path.Combine(Instances, name))
        : throw new ResourceFailure(FailureKind.Refused, $"\"{name}\" is no instance's name.", "Use 3 to 16 of a-z, 0-9 and _.");

    public ResourceFailure MissingFailure(string name) =>
        new(FailureKind.Missing, $"Instance \"{name}\" does not exist in \"{Root}\".", "Create it first, or correct the name.");

    public string LinkOf(string name) => Path.Combine(Links, $"{Of(name).Name}.json");

    /// <summary>The folder that a deleted server's kept archive is moved to.</summary>
    public InstancePaths DeletedOf(string name, Guid instanceId) => new(Path.Combine(Deleted, $"{name}@{instanceId:N}"));

    public IEnumerable<InstancePaths> DeletedFolders() =>
        Directory.Exists(Deleted) ? Directory.EnumerateDirectories(Deleted).Order(StringComparer.Ordinal).Select(path => new InstancePaths(path)) : [];

    public IEnumerable<string> Names() =>
        Directory.Exists(Instances) ? Directory.EnumerateDirectories(Instances).Select(path => Path.GetFileName(path)).Where(IsName).Order(StringComparer.Ordinal) : [];

    public IEnumerable<string> LinkNames() =>
        Directory.Exists(Links) ? Directory.EnumerateFiles(Links, "*.json").Select(path => Path.GetFileNameWithoutExtension(path)).Where(IsName).Order(StringComparer.Ordinal) : [];

    /// <exception cref="ResourceFailure">Another user owns one of the folders, or can change it.</exception>
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

    /// <summary>Returns the folder that makes the home unusable, or a new home unsafe; null when there is none.</summary>
    /// <remarks>For an existing home, the owner of its parent folders is not checked.</remarks>
    public string? FindForeign() => Directory.Exists(Root)
        ? Trusted.Where(Directory.Exists).FirstOrDefault(path => !Trust.IsOwn(path))
        : Trust.FindForeign(Existing(Root));

    /// <summary>The nearest existing folder on the path, for checks of its disk and its owner.</summary>
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

/// <summary>The paths of one instance. The folder and <see cref="Conf"/> belong to the provider's user, the rest to the servers' user.</summary>
internal sealed record InstancePaths(string Folder)
{
    private const string Attempt = "building.";

    public string Name => Path.GetFileName(Folder);

    public string Record => Path.Combine(Folder, "record.json");

    public string AuthorityKey => Path.Combine(Folder, "ca.key");

    public string Conf => Path.Combine(Folder, "conf");

    public string Data => Path.Combine(Folder, "data");

    /// <summary>Folders of attempts to create the data, completed or not.</summary>
    public IEnumerable<string> Attempts => Directory.EnumerateDirectories(Folder, $"{Attempt}*");

    /// <summary>The WAL that a restored server replays during recovery.</summary>
    public string Replay => Path.Combine(Folder, "wal.replay");

    public string Socket => Path.Combine(Folder, "socket");

    public string Log => Path.Combine(Folder, "log");

    public string Archive => Path.Combine(Folder, "archive");

    public string ArchiveConfig => Path.Combine(Conf, "archive.json");

    /// <summary>The script that the server's archive_command runs.</summary>
    public string ArchiveScript => Path.Combine(Conf, "archive.sh");

    public string Authority => Path.Combine(Conf, "ca.crt");

    /// <summary>The file that records when a server was deleted.</summary>
    public string Deletion => Path.Combine(Folder, "deleted.json");

    /// <summary><see cref="ArchiveConfig"/>, with the paths of a deleted server's kept archive.</summary>
    public string KeptArchiveConfig => Path.Combine(Folder, "archive.json");

    /// <summary>
    /// New folders for an attempt to create the data, renamed when they are complete. The names are unique, because processes of a killed provider may still
    /// write to earlier ones.
    /// </summary>
    public (string Data, string Replay) NewAttempt()
    {
        var place = Path.Combine(Folder, $"{Attempt}{Guid.NewGuid():N}");
        return ($"{place}.data", $"{place}.wal");
    }

    /// <summary>False when the data is missing or emptied: PostgreSQL cannot start without this file.</summary>
    public bool HasData => File.Exists(Path.Combine(Data, "global", "pg_control"));
}
