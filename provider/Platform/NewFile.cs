using Microsoft.Win32.SafeHandles;

namespace PgFleet.Platform;

/// <summary>A file is made: of a name that was free, through no link, its writer's alone until it is whole, and then on the disk.</summary>
internal static class NewFile
{
    /// <param name="mode">Whatever the umask.</param>
    /// <param name="give">To others, if to any.</param>
    /// <exception cref="IOException">There is something of that name.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, Action<SafeFileHandle>? give)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Modes.Private });
        file.Write(content);
        give?.Invoke(file.SafeFileHandle);
        // Last: a change of the owner takes set-user-ID bits away, and readers find all of it.
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        file.Flush(flushToDisk: true);
    }
}
