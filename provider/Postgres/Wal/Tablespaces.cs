using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PgFleet.Postgres.Wal;

/// <summary>
/// A record that creates or removes a tablespace. Replaying it would link to the very folder that the source server uses, and write there, so no
/// copy replays one.
/// </summary>
/// <param name="At">The position where the record begins.</param>
/// <param name="Tablespace">The tablespace's OID.</param>
/// <param name="Path">The location; empty when it lies in the data directory itself; null when the record does not contain it, as one that removes it.</param>
internal sealed record TablespaceMark(Lsn At, uint Tablespace, string? Path)
{
    /// <summary>A description for use in a sentence.</summary>
    public string Text => Path is { Length: > 0 } path
        ? $"the tablespace at \"{path}\" (OID {Tablespace.ToString(CultureInfo.InvariantCulture)})"
        : $"the tablespace with OID {Tablespace.ToString(CultureInfo.InvariantCulture)}";
}

/// <remarks>PostgreSQL, commands/tablespace.h: xl_tblspc_create_rec and xl_tblspc_drop_rec, identical in 14 to 18.</remarks>
internal static class Tablespaces
{
    private const int Create = 0x00;
    private const int PathOffset = sizeof(uint);

    /// <summary>Decodes a record; null for other records.</summary>
    public static TablespaceMark? Find(WalRecord record)
    {
        if (record.Manager != ResourceManager.Tablespaces)
        {
            return null;
        }
        var data = record.Data;
        return new(record.Start, BinaryPrimitives.ReadUInt32LittleEndian(data), record.Info == Create ? Encoding.UTF8.GetString(data[PathOffset..].TrimEnd((byte)0)) : null);
    }
}
