using System.Text.Json;
using System.Text.RegularExpressions;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;

namespace PgFleet.Applications;

/// <summary>The applications of a home: a folder each, with its record and the sources of its versions. Reading takes no lock.</summary>
internal sealed partial class ApplicationStore(Home home, TimeProvider time)
{
    private readonly Locks locks = new(home, time);

    /// <summary>Returns an application's record; null if none of that name was ever deployed.</summary>
    public ApplicationRecord? Find(string name) =>
        Name().IsMatch(name) ? FormattedFile.Find(RecordOf(name), ApplicationRecord.CurrentFormat, ApplicationJson.Default.ApplicationRecord)?.Upgraded() : null;

    public IEnumerable<ApplicationRecord> List() =>
        Directory.Exists(home.Applications)
            ? Directory.EnumerateDirectories(home.Applications).Order(StringComparer.Ordinal).Select(folder => Find(Path.GetFileName(folder))).OfType<ApplicationRecord>()
            : [];

    /// <summary>The names of the applications bound to an instance.</summary>
    public IReadOnlyList<string> BoundTo(string instance) => [.. List().Where(application => application.Instance == instance).Select(application => application.Name)];

    /// <summary>Takes the lock under which one process at a time deploys an application.</summary>
    public Task<IDisposable> TakeAsync(string name, string operation, CancellationToken cancel) =>
        locks.TakeAsync($"application-{name}", operation, cancel);

    /// <summary>Writes a record. <paramref name="columns"/> are the columns after the new version's migrations.</summary>
    public void Write(ApplicationRecord record, IEnumerable<string> columns)
    {
        Folders.Ensure(VersionsOf(record.Name), Modes.PrivateFolder);
        DurableFile.Write(ColumnsFileOf(record.Name, record.Current.Id), string.Join('\n', columns), Modes.Private);
        DurableFile.Write(RecordOf(record.Name), JsonSerializer.Serialize(record, ApplicationJson.Default.ApplicationRecord), Modes.Private);
    }

    /// <summary>Stores the source of a new version. Until a record refers to it, the next call deletes it.</summary>
    /// <returns>The hash of what was stored.</returns>
    public async Task<string> KeepAsync(string name, SourceDirectory directory, CancellationToken cancel)
    {
        home.Ensure();
        Folders.Ensure(home.Applications, Modes.PrivateFolder);
        Folders.Ensure(FolderOf(name), Modes.PrivateFolder);
        Folders.Ensure(VersionsOf(name), Modes.PrivateFolder);
        Sweep(name);
        var aside = ArchiveOf(name, ".new");
        await SourceArchive.PackAsync(aside, directory.List(), cancel);
        var hash = SourceEntry.Hash(SourceArchive.Read(aside));
        File.Move(aside, ArchiveOf(name, hash), overwrite: true);
        Posix.SyncDirectory(VersionsOf(name));
        return hash;
    }

    /// <summary>Unpacks a version's source into a folder of its own, which <see cref="RemoveUnpacked"/> or the next call deletes.</summary>
    /// <exception cref="ResourceFailure">The archive is missing or damaged.</exception>
    public async Task<string> UnpackAsync(string name, ApplicationVersion version, CancellationToken cancel)
    {
        var archive = Sound(name, version);
        RemoveUnpacked(name);
        Directory.CreateDirectory(UnpackedOf(name), Modes.PrivateFolder);
        await SourceArchive.UnpackAsync(archive, UnpackedOf(name), cancel);
        return UnpackedOf(name);
    }

    /// <summary>Reads one file of a version's source.</summary>
    /// <exception cref="ResourceFailure">The archive is missing or damaged.</exception>
    public string ReadText(string name, ApplicationVersion version, string file)
    {
        foreach (var entry in SourceArchive.Read(Sound(name, version)).Where(entry => entry.Path == file))
        {
            using var text = new StreamReader(entry.Open());
            return text.ReadToEnd();
        }
        throw Damaged(name, version);
    }

    /// <summary>The columns that existed after a version's migrations.</summary>
    public IReadOnlyList<string> ColumnsOf(string name, string version) =>
        File.Exists(ColumnsFileOf(name, version)) ? File.ReadAllText(ColumnsFileOf(name, version)).Split('\n', StringSplitOptions.RemoveEmptyEntries) : [];

    public void RemoveUnpacked(string name)
    {
        if (!Directory.Exists(FolderOf(name)))
        {
            return;
        }
        File.Delete(AuthorityOf(name));
        File.Delete(NodeAuthoritiesOf(name));
        if (Directory.Exists(UnpackedOf(name)))
        {
            Directory.Delete(UnpackedOf(name), recursive: true);
        }
    }

    /// <summary>
    /// Writes a server's CA certificates to files for commands that expect one. <see cref="RemoveUnpacked"/> deletes them. The certificates in the user's file
    /// <paramref name="nodeExtra"/> are added for Node.
    /// </summary>
    /// <returns>The files; null when there are no certificates.</returns>
    public AuthorityFiles? LayOutAuthority(string name, string certificates, string? nodeExtra)
    {
        if (certificates.Length == 0)
        {
            return null;
        }
        DurableFile.Write(AuthorityOf(name), certificates, Modes.Private);
        if (!File.Exists(nodeExtra))
        {
            return new(AuthorityOf(name), AuthorityOf(name));
        }
        DurableFile.Write(NodeAuthoritiesOf(name), $"{certificates}\n{File.ReadAllText(nodeExtra)}", Modes.Private);
        return new(AuthorityOf(name), NodeAuthoritiesOf(name));
    }

    /// <summary>Deletes the records of an application and its versions. An application that does not exist is no failure.</summary>
    /// <param name="name">The name.</param>
    /// <param name="identity">The identity of the application that is meant; null: any of that name.</param>
    /// <param name="cancel">Stops waiting for the lock.</param>
    /// <returns>False when another application now has the name; it is left alone.</returns>
    public Task<bool> DeleteAsync(string name, string? identity, CancellationToken cancel) => EnvironmentErrors.TranslateAsync(async () =>
    {
        using var applicationLock = await TakeAsync(name, "deleted", cancel);
        if (identity is not null && Find(name) is { } record && $"{record.Identity}" != identity)
        {
            return false;
        }
        if (Directory.Exists(FolderOf(name)))
        {
            // The application is gone with its record; if the process is killed here, the next deploy deletes the rest of the folder.
            File.Delete(RecordOf(name));
            Posix.SyncDirectory(FolderOf(name));
            Directory.Delete(FolderOf(name), recursive: true);
            Posix.SyncDirectory(home.Applications);
        }
        return true;
    });

    private string Sound(string name, ApplicationVersion version)
    {
        var archive = ArchiveOf(name, version.SourceHash);
        return File.Exists(archive) && SourceEntry.Hash(SourceArchive.Read(archive)) == version.SourceHash ? archive : throw Damaged(name, version);
    }

    private ResourceFailure Damaged(string name, ApplicationVersion version) => new(
        FailureKind.Unavailable,
        $"The source of version \"{version.Id}\" is missing or damaged: \"{ArchiveOf(name, version.SourceHash)}\".",
        "Restore it from a copy of the home, or deploy another version.");

    private void Sweep(string name)
    {
        var known = (Find(name)?.Versions ?? []).SelectMany(version => (string[])[ArchiveOf(name, version.SourceHash), ColumnsFileOf(name, version.Id)]).ToHashSet();
        foreach (var stray in Directory.EnumerateFiles(VersionsOf(name)).Where(file => !known.Contains(file)).ToList())
        {
            File.Delete(stray);
        }
    }

    private string FolderOf(string name) => Path.Combine(home.Applications, name);

    private string RecordOf(string name) => Path.Combine(FolderOf(name), "record.json");

    private string VersionsOf(string name) => Path.Combine(FolderOf(name), "versions");

    private string UnpackedOf(string name) => Path.Combine(FolderOf(name), "unpacked");

    private string NodeAuthoritiesOf(string name) => Path.Combine(FolderOf(name), "node-authorities.crt");

    private string AuthorityOf(string name) => Path.Combine(FolderOf(name), "authority.crt");

    private string ColumnsFileOf(string name, string version) => Path.Combine(VersionsOf(name), $"{version}.columns");

    private string ArchiveOf(string name, string hash) => Path.Combine(VersionsOf(name), $"{hash}.tar.gz");

    [GeneratedRegex(@"\A[a-z0-9_-]{3,30}\z")]
    private static partial Regex Name();
}
