using System.Buffers.Binary;

namespace PgFleet.Postgres.Wal;

/// <summary>Instants as PostgreSQL stores them.</summary>
internal static class PostgresTime
{
    private static readonly DateTimeOffset Epoch = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A TimestampTz: microseconds since the year 2000 began in UTC.</summary>
    public static DateTimeOffset Read(ReadOnlySpan<byte> bytes) =>
        Epoch.AddTicks(BinaryPrimitives.ReadInt64LittleEndian(bytes) * TimeSpan.TicksPerMicrosecond);

    /// <summary>A pg_time_t: seconds since 1970.</summary>
    public static DateTimeOffset ReadSeconds(ReadOnlySpan<byte> bytes) => DateTimeOffset.FromUnixTimeSeconds(BinaryPrimitives.ReadInt64LittleEndian(bytes));
}
