using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PgFleet.Platform;

/// <summary>Operating-system calls that .NET does not offer.</summary>
internal static partial class Posix
{
    /// <summary>EWOULDBLOCK: the HResult of .NET's IOException when a file is locked by another process.</summary>
    public const int WouldBlock = 11;

    private const int Exists = 17;
    private const int ReadOnly = 0;
    private const int NonBlocking = 0x800;
    private const int KillSignal = 9;
    private const int CloseOnExec = 0x80000;
    private const uint MarkOnly = 4; // CLOSE_RANGE_CLOEXEC
    private const int FirstBeyondStreams = 3;
    private const int SetDescriptorFlags = 2; // F_SETFD
    private const int CloseDescriptorOnExec = 1; // FD_CLOEXEC
    private const uint OwnerOnly = 0x3F; // 077
    private const nuint CloneFile = 0x40049409; // FICLONE

    public static void CreateFilesForOwnerOnly() => _ = SetMask(OwnerOnly);

    /// <summary>Makes the names in a directory durable.</summary>
    public static void SyncDirectory(string path)
    {
        using var directory = OpenDirectory(path);
        Check(Sync(directory), path);
    }

    /// <summary>Makes everything durable that was written to the path's file system: one journal commit instead of one for each file.</summary>
    /// <remarks>Linux 5.8 and newer report lost writes; older kernels may not.</remarks>
    public static void SyncFileSystem(string path)
    {
        using var directory = OpenDirectory(path);
        Check(SyncAll(directory), path);
    }

    /// <summary>Gives a file a second name; false when that name is taken, where rename(2) would overwrite.</summary>
    public static bool TryLink(string path, string name)
    {
        var result = Link(path, name);
        if (result != 0 && Marshal.GetLastPInvokeError() == Exists)
        {
            return false;
        }
        Check(result, name);
        return true;
    }

    /// <summary>Makes a file share the blocks of another one; false where the file system cannot.</summary>
    public static bool TryClone(SafeFileHandle from, SafeFileHandle to) => Control(to, CloneFile, from) == 0;

    /// <summary>Starts a new session: signals to the process group that started this process no longer reach it.</summary>
    public static void StartSession() => _ = NewSession();

    /// <summary>Sets close-on-exec on every descriptor that this process inherited beyond its three standard streams.</summary>
    public static void CloseInheritedOnExec()
    {
        try
        {
            if (CloseRange(FirstBeyondStreams, uint.MaxValue, MarkOnly) == 0)
            {
                return;
            }
        }
        catch (EntryPointNotFoundException)
        {
            // The C library is older than close_range(2). The kernel may be older than the call or than this flag, too.
        }
        foreach (var name in Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(Path.GetFileName).ToList())
        {
            if (int.TryParse(name, CultureInfo.InvariantCulture, out var descriptor) && descriptor >= FirstBeyondStreams)
            {
                _ = ControlFile(descriptor, SetDescriptorFlags, CloseDescriptorOnExec);
            }
        }
    }

    /// <summary>Sends a signal; a process that has already ended is no error.</summary>
    public static void Signal(int process, int signal) => _ = Kill(process, signal);

    /// <summary>Lowers this process to the lowest scheduling priority (nice 19).</summary>
    public static void LowerPriority() => _ = Nice(19);

    /// <summary>Kills every process of a group; an empty group is no error.</summary>
    public static void KillGroup(int group) => _ = Kill(-group, KillSignal);

    public static SafeFileHandle OpenDirectory(string path) => Open(path, ReadOnly | CloseOnExec);

    /// <summary>Opens a file for reading without blocking, even if it is a pipe that has no writer.</summary>
    public static SafeFileHandle OpenAtOnce(string path) => Open(path, ReadOnly | CloseOnExec | NonBlocking);

    private static SafeFileHandle Open(string path, int flags)
    {
        var handle = OpenFile(path, flags);
        Check(handle.IsInvalid ? -1 : 0, path);
        return handle;
    }

    private static void Check(int result, string path)
    {
        if (result < 0)
        {
            var error = new Win32Exception(Marshal.GetLastPInvokeError());
            throw new IOException($"\"{path}\": {error.Message}.", error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial SafeFileHandle OpenFile(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int Sync(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncAll(SafeFileHandle file);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string name);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    private static partial int Control(SafeFileHandle to, nuint request, SafeFileHandle from);

    [LibraryImport("libc", EntryPoint = "close_range")]
    private static partial int CloseRange(uint first, uint last, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int ControlFile(int descriptor, int command, nint argument);

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int NewSession();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);

    [LibraryImport("libc", EntryPoint = "nice")]
    private static partial int Nice(int increment);

    [LibraryImport("libc", EntryPoint = "umask")]
    private static partial uint SetMask(uint mask);
}
