using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using PgFleet.Engines.Local.Archive;

namespace PgFleet.Engines.Local;

/// <summary>
/// Writes files into a folder that others may own. What is written has a name that was free and leads through no link, and is its writer's alone
/// until it is whole; mode and owner are taken from, and given to, open files, never paths.
/// </summary>
internal static partial class FileBeside
{
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH: the descriptor itself
    private const uint UserAndGroup = 0x18; // STATX_UID, STATX_GID

    /// <summary>A new file with the owner of another one, as far as the user may give it away.</summary>
    /// <exception cref="IOException">There is something of that name.</exception>
    public static void Create(string path, ReadOnlySpan<byte> content, UnixFileMode mode, SafeFileHandle like)
    {
        using var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = Modes.Private,
        });
        file.Write(content);
        Give(file.SafeFileHandle, like);
        // Last: a change of the owner takes set-user-ID bits away, and readers find all of it.
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        file.Flush(flushToDisk: true);
    }

    /// <summary>Puts a file in another's place, with its owner; that one need not be of the name any more.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> content, UnixFileMode mode, SafeFileHandle like)
    {
        var aside = $"{path}.{Guid.NewGuid():N}.new";
        try
        {
            Create(aside, content, mode, like);
            File.Move(aside, path, overwrite: true);
        }
        catch
        {
            File.Delete(aside);
            throw;
        }
        Posix.SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <remarks>Nobody but root may give a file away; whoever else writes keeps his own, in a folder of his own.</remarks>
    private static void Give(SafeFileHandle file, SafeFileHandle like)
    {
        if (Ask(like, "", EmptyPath, UserAndGroup, out var status) != 0 || (ChangeOwner(file, status.User, status.Group) != 0 && Environment.IsPrivilegedProcess))
        {
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(SafeFileHandle file, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    /// <summary>The kernel's <c>struct statx</c> (statx(2)), the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;
    }
}
