using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PgFleet.Postgres.Backup;

/// <summary>Writes backup_manifest, against which pg_verifybackup checks a backup.</summary>
/// <remarks>PostgreSQL, "Backup Manifest Format": version 1, which every version reads.</remarks>
internal static class BackupManifest
{
    public static string Write(IEnumerable<BackupFile> files, uint timeline, Lsn start, Lsn end)
    {
        var manifest = new StringBuilder();
        manifest.Append("{ \"PostgreSQL-Backup-Manifest-Version\": 1,\n\"Files\": [\n");
        manifest.AppendJoin(",\n", files.OrderBy(file => file.Path, StringComparer.Ordinal).Select(Line));
        manifest.Append("\n],\n\"WAL-Ranges\": [\n");
        manifest.Append(CultureInfo.InvariantCulture, $$"""{ "Timeline": {{timeline}}, "Start-LSN": "{{start}}", "End-LSN": "{{end}}" }""");
        manifest.Append("\n],\n");
        // The last line holds the checksum of all lines before it.
        var checksum = SHA256.HashData(Encoding.UTF8.GetBytes(manifest.ToString()));
        return manifest.Append(CultureInfo.InvariantCulture, $"\"Manifest-Checksum\": \"{Convert.ToHexStringLower(checksum)}\"}}\n").ToString();
    }

    private static string Line(BackupFile file)
    {
        Span<byte> checksum = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(checksum, file.Checksum);
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""{ "Path": "{{JsonEncodedText.Encode(file.Path)}}", "Size": {{file.Size}}, "Last-Modified": "{{file.ModifiedUtc:yyyy-MM-dd HH:mm:ss}} GMT", "Checksum-Algorithm": "CRC32C", "Checksum": "{{Convert.ToHexStringLower(checksum)}}" }""");
    }
}
