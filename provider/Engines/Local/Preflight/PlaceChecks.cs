using System.Text;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Engines.Local.Preflight;

/// <summary>Checks the place of an instance: user, folders, socket path and disk space.</summary>
internal sealed class PlaceChecks(Home home, ServiceAccount account)
{
    private const long RoomNeeded = 200L * 1024 * 1024;

    /// <summary>sockaddr_un holds 108 bytes with the terminating NUL, and PostgreSQL and its clients need the whole path in it.</summary>
    private const int LongestSocketPath = 107;

    public async Task<IReadOnlyList<Problem>> CheckAsync(ServerSpec spec, ServerRecord? record, CancellationToken cancel)
    {
        if (!account.Exists)
        {
            return [new("", $"The operating-system user \"{account.Name}\", who would run the server, does not exist. Create it (useradd --system {account.Name}), or set {Term.Property("serviceUser")} to another.")];
        }
        var problems = new List<Problem>([.. SocketPath(spec), .. await HomeAsync(cancel), .. await BackupDirectoryAsync(spec, cancel)]);
        // The space that a restore needs depends on its source: RestoreChecks checks it.
        if (record is null && spec.Origin is null)
        {
            problems.AddRange(Room(home.Root, ""));
            problems.AddRange(spec.Placement.ArchiveDirectory is { } elsewhere ? Room(elsewhere, "backup.directory") : []);
        }
        return problems;
    }

    private IEnumerable<Problem> SocketPath(ServerSpec spec)
    {
        var path = Path.Combine(home.Of(spec.Name).Socket, $".s.PGSQL.{spec.Placement.Port ?? 65535}");
        var length = Encoding.UTF8.GetByteCount(path);
        if (length > LongestSocketPath)
        {
            yield return new("", $"The home \"{home.Root}\" is too long: the server's socket \"{path}\" would have {length} bytes, and the system allows {LongestSocketPath}. Set {Term.Property("home")} to a path that is {length - LongestSocketPath} bytes shorter.");
        }
    }

    private async Task<IReadOnlyList<Problem>> HomeAsync(CancellationToken cancel)
    {
        var existing = Home.Existing(home.Root);
        if (home.FindForeign() is { } foreign)
        {
            return [new("", $"The home \"{home.Root}\" is not safe: {Trust.Describe(foreign)}. Set {Term.Property("home")} to a folder that does not exist yet, and whose parents belong to you or root.")];
        }
        if (!Ownership.CanWrite(existing))
        {
            return [new("", $"The home \"{home.Root}\" cannot be written by \"{Environment.UserName}\". Set {Term.Property("home")} to a folder that can, or run as its owner.")];
        }
        var passes = await account.TryAsync(cancel, "test", "-x", existing);
        return passes.IsSuccess ? [] : [new("", $"The home \"{home.Root}\" cannot be reached by \"{account.Name}\", who runs the server. Set {Term.Property("home")} to a folder whose parents let others pass (mode 0711).")];
    }

    private async Task<IReadOnlyList<Problem>> BackupDirectoryAsync(ServerSpec spec, CancellationToken cancel)
    {
        if (spec.Placement.ArchiveDirectory is not { } directory)
        {
            return [];
        }
        var usable = await account.TryAsync(cancel, "sh", "-c", """[ -d "$0" ] && [ -w "$0" ] && [ -x "$0" ]""", directory);
        return usable.IsSuccess ? [] : [new("backup.directory", $"\"{directory}\" is not a folder that \"{account.Name}\", who runs the server, can write. Create it and give it to that user (install -d -o {account.Name} {directory}), or name another.")];
    }

    private static IEnumerable<Problem> Room(string path, string property)
    {
        var free = new DriveInfo(Home.Existing(path)).AvailableFreeSpace;
        if (free < RoomNeeded)
        {
            yield return new(property, $"The disk of \"{path}\" has {free / 1024 / 1024} MB left, and a new instance needs {RoomNeeded / 1024 / 1024} MB. Free some, or name a folder on another disk.");
        }
    }
}
