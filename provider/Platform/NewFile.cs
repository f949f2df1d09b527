using Microsoft.Win32.SafeHandles;

namespace PgFleet.Platform;

/// <summary>Creates a file under a free name, following no link, readable by its writer alone until it is complete, and synced to disk.</summary>
internal static class NewFile
{
    /// <param name="path">The new file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="mode">Its final mode, regardless of the umask.</param>
    /// <param name="give">Changes the owner or group of the open file; null: the writer keeps it.</param>
    /// <exception cref="IOException">The name is taken.</exception>
    public static void Write(string path, ReadOnlySpan<byte> content, UnixFileMode mode, Action<SafeFileHandle>? give)
    {
        using var file = new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = Modes.Private });
        file.Write(content);
        give?.Invoke(file.SafeFileHandle);
        // Last: changing the owner clears set-user-ID bits, and readers must find the complete content.
        File.SetUnixFileMode(file.SafeFileHandle, mode);
        file.Flush(flushToDisk: true);
    }
}
