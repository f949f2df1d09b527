using Microsoft.Win32.SafeHandles;
using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Postgres.Wal;

namespace PgFleet.Archives;

/// <summary>Stores the WAL of one server. A stored file never changes.</summary>
internal sealed class WalArchive(ArchiveLayout layout, string systemIdentifier)
{
    /// <summary>
    /// Stores a file; returns once it is durable under its name. Storing the same file again succeeds, because a server repeats the call after a crash.
    /// </summary>
    /// <exception cref="ResourceFailure">The file is another server's, or the name is taken by different content.</exception>
    public void Store(string source, string name)
    {
        using var file = OpenChecked(source, name);
        var place = Path.Combine(layout.Wal, name);
        if (!File.Exists(place) && TryAdd(file, place))
        {
            return;
        }
        using var existing = File.OpenHandle(place);
        if (!SparseFile.SameContent(file, existing))
        {
            throw new ResourceFailure(
                FailureKind.Conflict,
                $"\"{place}\" exists with other content than the server's \"{name}\".",
                "Two servers share this archive, or a server was set back: move one of them to an archive of its own.");
        }
        // It may have been stored just before a crash, with its name not yet durable.
        RandomAccess.FlushToDisk(existing);
        Posix.SyncDirectory(layout.Wal);
    }

    private SafeFileHandle OpenChecked(string source, string name)
    {
        if (!WalSegment.IsArchivable(name))
        {
            throw new ResourceFailure(FailureKind.Refused, $"\"{name}\" is no name of a WAL file.", "Call this from archive_command, as archive-wal CONFIG \"%p\" \"%f\".");
        }
        var file = File.OpenHandle(source);
        try
        {
            if (WalSegment.IsSegment(name))
            {
                WalHeader.Read(file, source).Expect(systemIdentifier, name, RandomAccess.GetLength(file));
            }
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private bool TryAdd(SafeFileHandle file, string place)
    {
        // A random name: a call that outlived its server may be storing the same file.
        var aside = Path.Combine(layout.Wal, $".{Path.GetFileName(place)}.{Guid.NewGuid():N}.tmp");
        try
        {
            using (var copy = File.OpenHandle(aside, FileMode.CreateNew, FileAccess.Write))
            {
                SparseFile.Copy(file, copy);
                RandomAccess.FlushToDisk(copy);
            }
            if (!Posix.TryLink(aside, place))
            {
                return false;
            }
        }
        finally
        {
            File.Delete(aside);
        }
        Posix.SyncDirectory(layout.Wal);
        return true;
    }
}
