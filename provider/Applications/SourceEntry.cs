using System.Security.Cryptography;
using System.Text;

namespace PgFleet.Applications;

/// <summary>A file or symbolic link of an application. Folders are implied by their content: an empty one is ignored.</summary>
/// <param name="Path">The path relative to the directory, with slashes.</param>
/// <param name="IsExecutable">Whether the owner may execute the file; the rest of its mode is ignored.</param>
/// <param name="Link">A symbolic link's target as written; null for a file.</param>
/// <param name="Length">The size in bytes.</param>
/// <param name="Open">Opens a file's content.</param>
internal sealed record SourceEntry(string Path, bool IsExecutable, string? Link, long Length, Func<Stream> Open)
{
    /// <summary>
    /// Hashes names, contents, links and executable flags, but not times, owners or order. <paramref name="entries"/> are ordered by path (ordinal); each is
    /// read before the next is requested.
    /// </summary>
    public static string Hash(IEnumerable<SourceEntry> entries)
    {
        using var all = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var entry in entries)
        {
            // Unambiguous: no path contains a NUL, and what follows it has a fixed length.
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
