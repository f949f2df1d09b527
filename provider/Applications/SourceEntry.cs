using System.Security.Cryptography;
using System.Text;

namespace PgFleet.Applications;

/// <summary>One file or symbolic link of an application. Folders are there for what is in them: an empty one does not count.</summary>
/// <param name="Path">Below the directory, with slashes.</param>
/// <param name="IsExecutable">All that counts of a file's mode: whether its owner may execute it.</param>
/// <param name="Link">Where a symbolic link leads, as it is written; null for a file.</param>
/// <param name="Open">A file's content.</param>
internal sealed record SourceEntry(string Path, bool IsExecutable, string? Link, long Length, Func<Stream> Open)
{
    /// <summary>A hash of names, contents, links and what is executable; of no time, owner or order.</summary>
    /// <param name="entries">By path, in ordinal order. Each is read before the next is asked for.</param>
    public static string Hash(IEnumerable<SourceEntry> entries)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries)
        {
            // No path holds a NUL, and what follows it is of a fixed length.
            all.AppendData(Encoding.UTF8.GetBytes($"{entry.Path}\0{(entry.Link is not null ? 'l' : entry.IsExecutable ? 'x' : 'f')}"));
            all.AppendData(entry.ContentHash());
        }
        return Convert.ToHexStringLower(all.GetHashAndReset());
    }

    private byte[] ContentHash()
    {
        if (Link is not null)
        {
            return SHA256.HashData(Encoding.UTF8.GetBytes(Link));
        }
        using var content = Open();
        return SHA256.HashData(content);
    }
}
