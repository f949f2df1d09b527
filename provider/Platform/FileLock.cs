namespace PgFleet.Platform;

/// <summary>File locks that end with the process that holds them: flock(2), which FileShare maps to on Linux.</summary>
internal static class FileLock
{
    /// <summary>Takes the lock exclusively; null when another process holds it.</summary>
    public static IDisposable? TryTake(string path) => TryOpen(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Takes the lock shared; null when another process holds it exclusively.</summary>
    public static IDisposable? TryShare(string path) => TryOpen(path, FileMode.Open, FileAccess.Read, FileShare.Read);

    private static FileStream? TryOpen(string path, FileMode mode, FileAccess access, FileShare share)
    {
        try
        {
            return new FileStream(path, new FileStreamOptions { Mode = mode, Access = access, Share = share, UnixCreateMode = mode == FileMode.Open ? null : UnixFileMode.UserRead | UnixFileMode.UserWrite });
        }
        catch (IOException busy) when (busy.HResult == Posix.WouldBlock)
        {
            return null;
        }
    }
}
