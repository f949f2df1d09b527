using System.Buffers.Binary;

namespace PgFleet.Postgres.Wal;

/// <summary>Decodes PostgreSQL's timestamps.</summary>
internal static class PostgresTime
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A TimestampTz: microseconds since 2000-01-01 UTC.</summary>
    public static DateTimeOffset Read(ReadOnlySpan<byte> bytes) =>
        Epoch.AddTicks(BinaryPrimitives.ReadInt64LittleEndian(bytes) * TimeSpan.TicksPerMicrosecond);

    /// <summary>A pg_time_t: seconds since 1970.</summary>
    public static DateTimeOffset ReadSeconds(ReadOnlySpan<byte> bytes) => DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(bytes));
}
