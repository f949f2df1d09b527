using System.Globalization;
using PgFleet.Failures;

namespace PgFleet.Postgres.Backup;

/// <summary>A file of a data directory, as listed before the copy.</summary>
/// <param name="Path">The path relative to the data directory.</param>
/// <param name="Size">The size in bytes.</param>
internal readonly record struct DataFile(string Path, long Size);

/// <summary>Lists the files of a running server's data directory that belong in a base backup.</summary>
/// <remarks>PostgreSQL, "Making a Base Backup Using the Low Level API", and the lists of pg_basebackup (backup/basebackup.c).</remarks>
internal sealed class DataDirectory(string root)
{
    public const string Control = "global/pg_control";
    public const string Label = "backup_label";
    public const string Manifest = "backup_manifest";

    /// <summary>Folders whose contents are of no use to another server; the folders themselves are needed.</summary>
    private static readonly HashSet<string> EmptyFolders =
        ["pg_wal", "pg_replslot", "pg_dynshmem", "pg_notify", "pg_serial", "pg_snapshots", "pg_stat_tmp", "pg_subtrans"];

    private static readonly HashSet<string> LeftOut =
        ["postmaster.pid", "postmaster.opts", "postgresql.auto.conf.tmp", "current_logfiles", "current_logfiles.tmp", Label, "tablespace_map", Manifest, Control];

    private static readonly string[] LeftOutPrefixes = ["pgsql_tmp", "pg_internal.init"];

    public List<string> Folders { get; } = [];

    /// <summary>All files but pg_control, which is copied last.</summary>
    public List<DataFile> Files { get; } = [];

    /// <exception cref="ResourceFailure">Part of the data lies outside the directory.</exception>
    public static DataDirectory List(string root)
    {
        var directory = new DataDirectory(root);
        directory.Add("");
        return directory;
    }

    /// <summary>Reads the major version of the data directory.</summary>
    public static int Version(string root) => int.Parse(File.ReadAllText(Path.Combine(root, "PG_VERSION")), CultureInfo.InvariantCulture);

    private void Add(string folder)
    {
        foreach (var entry in Entries(folder))
        {
            var path = Path.Combine(folder, entry.Name);
            if (LeftOut.Contains(path) || LeftOutPrefixes.Any(prefix => entry.Name.StartsWith(prefix, StringComparison.Ordinal)))
            {
                continue;
            }
            if (EmptyFolders.Contains(path))
            {
                Folders.Add(path);
            }
            else if (entry.Attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                throw Elsewhere(path, entry.LinkTarget);
            }
            else if (entry is DirectoryInfo)
            {
                Folders.Add(path);
                Add(path);
            }
            else if (entry is FileInfo { Exists: true } file)
            {
                Files.Add(new(path, file.Length));
            }
        }
    }

    // A folder may disappear because its database was dropped; replay repeats the drop.
    private FileSystemInfo[] Entries(string folder)
    {
        try
        {
            return new DirectoryInfo(Path.Combine(root, folder)).GetFileSystemInfos();
        }
        catch (DirectoryNotFoundException) when (folder.Length > 0)
        {
            return [];
        }
    }

    private ResourceFailure Elsewhere(string path, string? target) => new(
        FailureKind.Refused,
        $"\"{Path.Combine(root, path)}\" is a link to \"{target}\", and a base backup holds the data directory alone.",
        "Move the data back into the data directory.");
}
