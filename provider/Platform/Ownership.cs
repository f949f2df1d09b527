using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PgFleet.Platform;

/// <summary>User and file ownership calls that .NET does not offer.</summary>
internal static partial class Ownership
{
    private const int Writable = 2; // W_OK
    private const int CurrentFolder = -100; // AT_FDCWD
    private const int EmptyPath = 0x1000; // AT_EMPTY_PATH: the descriptor itself
    private const int NoFollow = 0x100; // AT_SYMLINK_NOFOLLOW
    private const uint Wanted = 0x119; // STATX_TYPE, STATX_UID, STATX_GID, STATX_INO
    private const int KindOfFile = 0xF000; // S_IFMT
    private const int RegularFile = 0x8000; // S_IFREG
    private const int TooLittleRoom = 34; // ERANGE

    /// <summary>Changes the owner of the path itself, never of a link's target.</summary>
    public static void Give(string path, uint user, uint group)
    {
        if (LinkChangeOwner(path, user, group) != 0)
        {
            throw new IOException($"\"{path}\": {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }
    }

    /// <summary>Changes only the group.</summary>
    public static void GiveGroup(string path, uint group) => Give(path, uint.MaxValue, group);

    /// <inheritdoc cref="GiveGroup(string, uint)"/>
    public static void GiveGroup(SafeFileHandle file, uint group) => Check(ChangeOwner(file, uint.MaxValue, group));

    /// <summary>Gives a file the owner and group of another one.</summary>
    /// <remarks>Only root may give a file away. For any other user a failure is ignored: the file stays that user's own.</remarks>
    public static void GiveLike(SafeFileHandle file, SafeFileHandle other)
    {
        var owner = Of(other);
        if (ChangeOwner(file, owner.User, owner.Group) != 0 && Environment.IsPrivilegedProcess)
        {
            Check(-1);
        }
    }

    /// <summary>The owner of an open file.</summary>
    public static uint OwnerOf(SafeFileHandle file) => Of(file).User;

    /// <summary>The owner of the path itself, which may be a link.</summary>
    public static uint OwnerOf(string path) => Of(path).User;

    public static bool IsRegular(string path) => (Of(path).Kind & KindOfFile) == RegularFile;

    /// <summary>True if the path names this very file, not a link to it.</summary>
    public static bool IsAt(SafeFileHandle file, string path) => Of(file).IsSame(Of(path));

    public static bool CanWrite(string path) => Access(path, Writable) == 0;

    /// <returns>The user; null when the name is unknown.</returns>
    /// <remarks>getpwnam_r(3), because getpwnam(3) shares one buffer among all threads.</remarks>
    public static PosixUser? FindUser(string name)
    {
        for (nint room = 1 << 10; ; room *= 2)
        {
            var texts = Marshal.AllocHGlobal(room);
            try
            {
                if (GetUserByName(name, out var entry, texts, room, out var found) != TooLittleRoom)
                {
                    return found == 0 ? null : PosixUser.From(name, entry);
                }
            }
            finally
            {
                Marshal.FreeHGlobal(texts);
            }
        }
    }

    private static Status Of(SafeFileHandle file)
    {
        Check(Ask(file, "", EmptyPath, Wanted, out var status));
        return status;
    }

    private static Status Of(string path)
    {
        Check(Ask(CurrentFolder, path, NoFollow, Wanted, out var status));
        return status;
    }

    private static void Check(int result)
    {
        if (result != 0)
        {
            throw new IOException(new Win32Exception(Marshal.GetLastPInvokeError()).Message);
        }
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(SafeFileHandle file, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Ask(int folder, string path, int flags, uint mask, out Status status);

    [LibraryImport("libc", EntryPoint = "fchown", SetLastError = true)]
    private static partial int ChangeOwner(SafeFileHandle file, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    /// <summary>The effective user id of this process.</summary>
    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint Self();

    [LibraryImport("libc", EntryPoint = "getpwnam_r", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int GetUserByName(string name, out UserEntry entry, nint texts, nint room, out nint found);

    /// <summary>The kernel's <c>struct statx</c> (statx(2)), the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct Status
    {
        [FieldOffset(20)]
        public uint User;

        [FieldOffset(24)]
        public uint Group;

        [FieldOffset(28)]
        public ushort Kind;

        [FieldOffset(32)]
        private readonly ulong number;

        [FieldOffset(136)]
        private readonly uint deviceMajor;

        [FieldOffset(140)]
        private readonly uint deviceMinor;

        public readonly bool IsSame(in Status other) => (number, deviceMajor, deviceMinor) == (other.number, other.deviceMajor, other.deviceMinor);
    }

    /// <summary>C's <c>struct passwd</c> on 64-bit Linux, with glibc and with musl.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct UserEntry
    {
        public nint Name;
        public nint Password;
        public uint User;
        public uint Group;
        public nint Comment;
        public nint Home;
        public nint Shell;
    }
}

internal sealed record PosixUser(string Name, uint User, uint Group, string Home)
{
    public static PosixUser From(string name, Ownership.UserEntry entry) =>
        new(name, entry.User, entry.Group, Marshal.PtrToStringUTF8(entry.Home) ?? "/");
}
