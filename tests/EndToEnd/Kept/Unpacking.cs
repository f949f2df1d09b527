using System.Diagnostics;
using System.Formats.Tar;
using System.Globalization;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace PgFleet.EndToEnd.Kept;

/// <summary>Unpacks what was kept. Files of the servers' user are given to that user again, where this process may do so.</summary>
internal sealed class Unpacking(string folder, Places places)
{
    private const string Servers = "postgres";

    /// <summary>PostgreSQL's own files and those with a checksum: paths in them do not matter and stay. In records and configuration they are replaced.</summary>
    private static readonly string[] Exact = ["archives/", "/data/", "/archive/", ".tar.gz"];

    private readonly (uint User, uint Group)? servers =
        Environment.IsPrivilegedProcess ? (Id("-u"), Id("-g")) : null;

    public void Unpack(string archive)
    {
        using var plain = new BrotliStream(File.OpenRead(archive), CompressionMode.Decompress);
        using var tar = new TarReader(plain);
        while (tar.GetNextEntry() is PosixTarEntry entry)
        {
            var path = Path.Combine(folder, entry.Name);
            if (entry.EntryType is TarEntryType.Directory)
            {
                Directory.CreateDirectory(path);
            }
            else
            {
                Write(entry, path);
            }
            File.SetUnixFileMode(path, entry.Mode);
            if (servers is { } ids)
            {
                Own(path, entry.UserName == Servers ? ids.User : 0, entry.GroupName == Servers ? ids.Group : 0);
            }
        }
    }

    public void Copy(string from, string to)
    {
        foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.WriteAllText(copy, places.Put(File.ReadAllText(file)));
        }
    }

    private void Write(TarEntry entry, string path)
    {
        using var content = entry.DataStream ?? Stream.Null;
        if (Exact.Any(part => entry.Name.Contains(part, StringComparison.Ordinal)))
        {
            WriteSparse(content, path);
        }
        else
        {
            File.WriteAllText(path, places.Put(new StreamReader(content).ReadToEnd()));
        }
        File.SetLastWriteTimeUtc(path, entry.ModificationTime.UtcDateTime);
    }

    /// <remarks>Segments are mostly empty, and the tests' files may be in memory.</remarks>
    private static void WriteSparse(Stream content, string path)
    {
        using var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        var block = new byte[1 << 16];
        long at = 0;
        for (int read; (read = content.ReadAtLeast(block, block.Length, throwOnEndOfStream: false)) > 0; at += read)
        {
            if (block.AsSpan(0, read).ContainsAnyExcept((byte)0))
            {
                RandomAccess.Write(file, block.AsSpan(0, read), at);
            }
        }
        RandomAccess.SetLength(file, at);
    }

    private static uint Id(string which)
    {
        using var id = Process.Start(new ProcessStartInfo("id", [which, Servers]) { RedirectStandardOutput = true })!;
        return uint.Parse(id.StandardOutput.ReadToEnd(), CultureInfo.InvariantCulture);
    }

    private static void Own(string path, uint user, uint group) => Assert.Equal(0, ChangeOwner(path, user, group));

    [DllImport("libc", EntryPoint = "lchown")]
    private static extern int ChangeOwner([MarshalAs(UnmanagedType.LPUTF8Str)] string path, uint user, uint group);
}
