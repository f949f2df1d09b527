using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PgFleet.Platform;
using PgFleet.Postgres.Backup;

namespace PgFleet.Archives.Backup;

/// <summary>A base backup on disk, as its manifest describes it.</summary>
/// <param name="data">The folder of the copied data directory.</param>
internal sealed class StoredBackup(string data)
{
    private static ReadOnlySpan<byte> ChecksumMark => "\"Manifest-Checksum\": \""u8;

    /// <summary>True if the manifest is intact; the files themselves are not checked.</summary>
    public bool IsDescribed
    {
        get
        {
            try
            {
                return Holds(File.ReadAllBytes(Manifest));
            }
            catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
            {
                return false;
            }
        }
    }

    private string Manifest => Path.Combine(data, DataDirectory.Manifest);

    /// <summary>Reads the list of files with their checksums.</summary>
    /// <exception cref="DamagedBackupException">The manifest is damaged.</exception>
    public IReadOnlyList<BackupFile> Files()
    {
        try
        {
            var bytes = File.ReadAllBytes(Manifest);
            using var manifest = JsonDocument.Parse(bytes);
            return Holds(bytes)
                ? [.. manifest.RootElement.GetProperty("Files").EnumerateArray().Select(Read)]
                : throw new DamagedBackupException($"\"{Manifest}\" does not match its own checksum");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new DamagedBackupException($"\"{Manifest}\" does not read");
        }
    }

    /// <summary>Finds damage that is visible without reading all files; null when there is none.</summary>
    public string? FindDamage()
    {
        try
        {
            return Files().Where(file => new FileInfo(Path.Combine(data, file.Path)) is not { Exists: true } there || there.Length != file.Size)
                .Select(file => $"\"{Path.Combine(data, file.Path)}\" is missing, or has not the {file.Size} bytes that it had")
                .FirstOrDefault();
        }
        catch (DamagedBackupException damaged)
        {
            return damaged.Message;
        }
    }

    /// <summary>Copies the backup and verifies the checksums while reading.</summary>
    /// <exception cref="DamagedBackupException">A checksum does not match.</exception>
    public async Task CopyAsync(string target, IProgress<ByteProgress> progress, CancellationToken cancel)
    {
        var files = Files();
        var copy = new CheckedCopy("copying the base backup", files.Sum(file => file.Size), progress);
        foreach (var folder in Directory.EnumerateDirectories(data, "*", SearchOption.AllDirectories))
        {
            Directory.CreateDirectory(Path.Combine(target, Path.GetRelativePath(data, folder)));
        }
        await Parallel.ForEachAsync(files, new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancel }, (file, _) =>
        {
            Copy(file, target, copy);
            return ValueTask.CompletedTask;
        });
    }

    private void Copy(BackupFile file, string target, CheckedCopy copy)
    {
        var path = Path.Combine(data, file.Path);
        if (!File.Exists(path))
        {
            throw new DamagedBackupException($"\"{path}\" is missing");
        }
        using var from = File.OpenHandle(path);
        using var to = File.OpenHandle(Path.Combine(target, file.Path), FileMode.CreateNew, FileAccess.ReadWrite);
        if (copy.Run(from, to) != (file.Size, file.Checksum))
        {
            throw new DamagedBackupException($"\"{path}\" reads differently from what was written");
        }
    }

    /// <summary>Verifies the manifest: its last line holds the checksum of everything before it.</summary>
    private static bool Holds(ReadOnlySpan<byte> manifest)
    {
        var end = manifest.LastIndexOf(ChecksumMark);
        return end >= 0 && manifest[(end + ChecksumMark.Length)..].StartsWith(Encoding.ASCII.GetBytes(Convert.ToHexStringLower(SHA256.HashData(manifest[..end]))));
    }

    private static BackupFile Read(JsonElement file) => new(
        file.GetProperty("Path").GetString()!,
        file.GetProperty("Size").GetInt64(),
        default,
        BitConverter.ToUInt32(Convert.FromHexString(file.GetProperty("Checksum").GetString()!)));
}
