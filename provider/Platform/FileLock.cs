namespace PgFleet.Platform;

/// <summary>Locks that end with their holder: flock(2), which FileShare is on Linux.</summary>
internal static class FileLock
{
    /// <summary>The lock, alone; null when someone holds it.</summary>
    public static IDisposable? TryTake(string path) => TryOpen(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>The lock, together with others who share it; null when someone holds it alone.</summary>
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
