using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;

namespace PgFleet.Postgres;

/// <summary>
/// The shared memory that a killed server leaves behind. PostgreSQL removes it at the next start on the same data directory; once that directory
/// is deleted, no such start happens.
/// </summary>
/// <param name="Segment">Id of the System V segment by which PostgreSQL detects that its data directory is in use.</param>
/// <param name="Files">Absolute paths of the POSIX segments, which are used by parallel queries and by the server's bookkeeping of them.</param>
/// <remarks>
/// The layouts are those of storage/pg_shmem.h and storage/ipc/dsm.c, identical in 14 to 18. Huge pages and mapped memory end with their processes.
/// </remarks>
internal sealed record SharedMemory(int Segment, IReadOnlyList<string> Files)
{
    private const int HeaderLength = 56; // PGShmemHeader
    private const int HeaderMagic = 679834894; // PGShmemMagic
    private const int ControlHandle = 24; // PGShmemHeader.dsm_control
    private const uint ControlMagic = 0x9a503d32; // PG_DYNSHMEM_CONTROL_MAGIC
    private const int FirstItem = 16; // dsm_control_header.item
    private const int ItemLength = 40; // dsm_control_item
    private const int ReadOnly = 0x1000; // SHM_RDONLY
    private const int RemoveSegment = 0; // IPC_RMID

    /// <summary>
    /// Removes the segments. Must run as the servers' user: the files that name the segments belong to that user and are not trusted beyond its rights.
    /// </summary>
    /// <remarks>The System V segment is removed last, because it leads to the others.</remarks>
    public static void Remove(string dataDirectory)
    {
        if (Find(dataDirectory) is { } left)
        {
            foreach (var file in left.Files)
            {
                File.Delete(file);
            }
            _ = Control(left.Segment, RemoveSegment, 0);
        }
    }

    /// <returns>Null when nothing is left, or when a server still uses it.</returns>
    public static SharedMemory? Find(string dataDirectory) =>
        FindRecorded(dataDirectory) is { } recorded && IsUnused(recorded.Key, recorded.Id) && Read(recorded.Id) is { } control
            ? new(recorded.Id, [.. FilesOf(control)])
            : null;

    /// <remarks>postmaster.pid, line 7: key and id (utils/pidfile.h, LOCK_FILE_LINE_SHMEM_KEY). An orderly shutdown removes the file.</remarks>
    private static (int Key, int Id)? FindRecorded(string dataDirectory)
    {
        try
        {
            return File.ReadLines(Path.Combine(dataDirectory, "postmaster.pid")).ElementAtOrDefault(6)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var key, var id]
                && ulong.TryParse(key, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var segment)
                    ? (unchecked((int)number), segment)
                    : null;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>True if the segment has this server's key (ids are reused after a reboot) and no process is attached to it.</summary>
    /// <remarks>proc_sysvipc_shm(5): key, id, permissions, size, creator, last user, number of processes.</remarks>
    private static bool IsUnused(int key, int id) =>
        File.ReadLines("/proc/sysvipc/shm").Skip(1).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Any(row => row[0] == key.ToString(CultureInfo.InvariantCulture) && row[1] == id.ToString(CultureInfo.InvariantCulture) && row[6] == "0");

    /// <summary>Returns the handle of the control segment; null when the segment is not PostgreSQL's.</summary>
    private static uint? Read(int id)
    {
        var address = Attach(id, 0, ReadOnly);
        if (address == -1)
        {
            return null;
        }
        var header = new byte[HeaderLength];
        Marshal.Copy(address, header, 0, header.Length);
        _ = Detach(address);
        return BinaryPrimitives.ReadInt32LittleEndian(header) == HeaderMagic ? BinaryPrimitives.ReadUInt32LittleEndian(header.AsSpan(ControlHandle)) : null;
    }

    /// <remarks>Handles are random and even; an odd one lies in the server's main memory. A reference count of 0 marks a free slot.</remarks>
    private static IEnumerable<string> FilesOf(uint control)
    {
        var path = PathOf(control);
        if (control == 0 || !File.Exists(path))
        {
            yield break;
        }
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length >= FirstItem && BinaryPrimitives.ReadUInt32LittleEndian(bytes) == ControlMagic)
        {
            var count = Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(4)), (bytes.Length - FirstItem) / ItemLength);
            for (var item = 0; item < count; item++)
            {
                var at = bytes.AsSpan(FirstItem + (item * ItemLength));
                var (handle, users) = (BinaryPrimitives.ReadUInt32LittleEndian(at), BinaryPrimitives.ReadUInt32LittleEndian(at[4..]));
                if (users > 0 && handle % 2 == 0)
                {
                    yield return PathOf(handle);
                }
            }
        }
        yield return path;
    }

    /// <remarks>dsm_impl.c: the name given to shm_open(3), which glibc maps to /dev/shm.</remarks>
    private static string PathOf(uint handle) => $"/dev/shm/PostgreSQL.{handle.ToString(CultureInfo.InvariantCulture)}";

    [DllImport("libc", EntryPoint = "shmat")]
    private static extern nint Attach(int id, nint address, int flags);

    [DllImport("libc", EntryPoint = "shmctl")]
    private static extern int Control(int id, int command, nint buffer);

    [DllImport("libc", EntryPoint = "shmdt")]
    private static extern int Detach(nint address);
}
