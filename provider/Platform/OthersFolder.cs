using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace PgFleet.Platform;

/// <summary>
/// Writes into a folder that another user may own. The folder is held open, so that every operation happens in it even if it is moved or
/// replaced meanwhile. Mode and owner are read from, and set on, open files, never paths.
/// </summary>
internal sealed class OthersFolder(string path) : IDisposable
{
    private readonly SafeFileHandle folder = Posix.OpenDirectory(path);

    private string Held => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{folder.DangerousGetHandle()}");

    /// <summary>Opens an existing regular file for reading.</summary>
    /// <exception cref="IOException">It is a link or not a regular file.</exception>
    public SafeFileHandle Open(string name)
    {
        if (!Ownership.IsRegular(PathOf(name)))
        {
            throw new IOException($"\"{Path.Combine(path, name)}\" is no regular file.");
        }
        var file = Posix.OpenAtOnce(PathOf(name));
        if (Ownership.IsAt(file, PathOf(name)))
        {
            return file;
        }
        file.Dispose();
        throw new IOException($"\"{Path.Combine(path, name)}\" was put in another's place just now.");
    }

    /// <summary>Creates a file with the owner of another one, as far as this user may give it away.</summary>
    /// <exception cref="IOException">The name is taken.</exception>
    public void Create(string name, ReadOnlySpan<byte> content, UnixFileMode mode, SafeFileHandle like) =>
        NewFile.Write(PathOf(name), content, mode, file => Ownership.GiveLike(file, like));

    /// <summary>Replaces a file and gives the new one the owner of <paramref name="like"/>, which need not bear the name any more.</summary>
    public void Replace(string name, ReadOnlySpan<byte> content, UnixFileMode mode, SafeFileHandle like)
    {
        // A random name: nothing can have been placed there in advance.
        var aside = $"{name}.{Guid.NewGuid():N}.new";
        try
        {
            Create(aside, content, mode, like);
            File.Move(PathOf(aside), PathOf(name), overwrite: true);
        }
        catch
        {
            File.Delete(PathOf(aside));
            throw;
        }
        Posix.SyncDirectory(Held);
    }

    public void Dispose() => folder.Dispose();

    private string PathOf(string name) => Path.Combine(Held, name);
}
