using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace PgFleet.Platform;

/// <summary>
/// Writes into a folder that others may own. It is held open, so that all is done in it, whoever moves it meanwhile or puts another in its place;
/// mode and owner are taken from, and given to, open files, never paths.
/// </summary>
internal sealed class OthersFolder(string path) : IDisposable
{
    private readonly SafeFileHandle folder = Posix.OpenDirectory(path);

    private string Held => string.Create(CultureInfo.InvariantCulture, $"/proc/self/fd/{folder.DangerousGetHandle()}");

    /// <summary>A file that is there, to be read.</summary>
    /// <exception cref="IOException">It is a link, or no file that ends.</exception>
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

    /// <summary>A new file with the owner of another one, as far as the user may give it away.</summary>
    /// <exception cref="IOException">There is something of that name.</exception>
    public void Create(string name, ReadOnlySpan<byte> content, UnixFileMode mode, SafeFileHandle like) =>
        NewFile.Write(PathOf(name), content, mode, file => Ownership.GiveLike(file, like));

    /// <summary>Puts a file in another's place, with an owner; that one need not be of the name any more.</summary>
    public void Replace(string name, ReadOnlySpan<byte> content, UnixFileMode mode, SafeFileHandle like)
    {
        // Nobody can have put something in the way of a name that nobody knew.
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
