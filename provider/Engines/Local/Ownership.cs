using System.ComponentModel;
using System.Runtime.InteropServices;

namespace PgFleet.Engines.Local;

/// <summary>What .NET does not offer of users and of what they may do to files.</summary>
internal static partial class Ownership
{
    private const int Writable = 2; // W_OK

    /// <summary>Changes who owns the path itself, never what it may link to.</summary>
    public static void Give(string path, uint user, uint group)
    {
        if (LinkChangeOwner(path, user, group) != 0)
        {
            throw new IOException($"\"{path}\": {new Win32Exception(Marshal.GetLastPInvokeError()).Message}.");
        }
    }

    /// <summary>Changes the group alone.</summary>
    public static void GiveGroup(string path, uint group) => Give(path, uint.MaxValue, group);

    public static bool CanWrite(string path) => Access(path, Writable) == 0;

    public static PosixUser? FindUser(string name)
    {
        var entry = GetUserByName(name);
        return entry == 0 ? null : PosixUser.From(name, Marshal.PtrToStructure<UserEntry>(entry));
    }

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkChangeOwner(string path, uint user, uint group);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Access(string path, int mode);

    [LibraryImport("libc", EntryPoint = "getpwnam", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint GetUserByName(string name);

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
