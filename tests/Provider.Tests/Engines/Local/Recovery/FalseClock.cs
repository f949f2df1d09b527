using System.Buffers.Binary;
using PgFleet.Archives;
using PgFleet.Archives.Backup;
using PgFleet.Platform;
using PgFleet.Postgres.Wal;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>Rewrites commit times in WAL: what a server with a jumping clock would have left in its archive. The rest of the WAL is unchanged.</summary>
internal static class FalseClock
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Rewrites the time of the first commit at or after an instant, in the archived WAL after a server's last base backup.</summary>
    /// <returns>The commit's real time.</returns>
    public static DateTimeOffset Rewrite(ArchiveConfig config, DateTimeOffset from, DateTimeOffset to)
    {
        var segments = WalSegments.Of(config, ArchiveLayout.Open(config));
        var backup = new BackupCatalogue(config.ArchiveDirectory).List()[^1];
        var first = segments.FindFirst(backup)!.Value;
        using var reader = segments.Read(first, backup.StartLsn);
        while (reader.TryRead(out var record))
        {
            if (TransactionEnd.Find(record) is { IsCommit: true } commit && commit.At >= from)
            {
                var bytes = record.Bytes.ToArray();
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(bytes.Length - record.Data.Length), (to - Epoch).Ticks / TimeSpan.TicksPerMicrosecond);
                BinaryPrimitives.WriteUInt32LittleEndian(
                    bytes.AsSpan(WalRecord.ChecksumOffset),
                    Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Start, bytes.AsSpan(WalRecord.HeaderLength)), bytes.AsSpan(0, WalRecord.ChecksumOffset))));
                Write(segments, first, record.Start, bytes);
                return commit.At;
            }
        }
        throw new InvalidOperationException("No such commit is archived.");
    }

    private static void Write(WalSegments segments, WalSegment first, Lsn start, byte[] record)
    {
        var offset = (long)((ulong)start % (ulong)first.Size);
        Assert.True((offset % WalPage.Size) + record.Length <= WalPage.Size, "the record spans pages: run again");
        using var file = File.OpenHandle(segments.Find(WalSegment.Before(new((ulong)start + 1), first.Timeline, first.Size))!, FileMode.Open, FileAccess.Write);
        RandomAccess.Write(file, record, offset);
    }
}
