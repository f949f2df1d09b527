using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PgFleet.Protocols.Terraform;

/// <summary>Writes the subset of MessagePack that Terraform's values use.</summary>
internal sealed class MessagePackWriter
{
    private readonly ArrayBufferWriter<byte> buffer = new();

    public ReadOnlySpan<byte> Written => buffer.WrittenSpan;

    public void Nil() => Byte(0xc0);

    /// <summary>An unknown value: an extension of type 0, without refinements.</summary>
    public void Unknown() => Bytes([0xd4, 0, 0]);

    public void Flag(bool on) => Byte(on ? (byte)0xc3 : (byte)0xc2);

    /// <summary>
    /// Writes an integer that a double represents exactly as such; any other number as its shortest decimal string, which Terraform reads exactly.
    /// </summary>
    public void Number(double amount)
    {
        if (double.IsInteger(amount) && Math.Abs(amount) < 1L << 53)
        {
            Integer((long)amount);
        }
        else
        {
            Text(amount.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    public void Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        switch (bytes.Length)
        {
            case < 32:
                Byte((byte)(0xa0 | bytes.Length));
                break;
            case <= byte.MaxValue:
                Bytes([0xd9, (byte)bytes.Length]);
                break;
            default:
                Counted(0xda, 0xdb, bytes.Length);
                break;
        }
        Bytes(bytes);
    }

    public void List(int count) => Counted(0x90, 0xdc, 0xdd, count);

    public void Map(int count) => Counted(0x80, 0xde, 0xdf, count);

    /// <summary>Converts JSON to MessagePack.</summary>
    public void Json(JsonElement element)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.Object:
                Map(element.GetPropertyCount());
                foreach (var property in element.EnumerateObject())
                {
                    Text(property.Name);
                    Json(property.Value);
                }
                break;
            case JsonValueKind.Array:
                List(element.GetArrayLength());
                foreach (var item in element.EnumerateArray())
                {
                    Json(item);
                }
                break;
            case JsonValueKind.String:
                Text(element.GetString()!);
                break;
            case JsonValueKind.Number:
                Text(element.GetRawText());
                break;
            case JsonValueKind.True or JsonValueKind.False:
                Flag(element.GetBoolean());
                break;
            default:
                Nil();
                break;
        }
    }

    private void Integer(long amount)
    {
        if (amount is >= -32 and <= 127)
        {
            Byte((byte)amount);
            return;
        }
        Byte(0xd3);
        BinaryPrimitives.WriteInt64BigEndian(buffer.GetSpan(sizeof(long)), amount);
        buffer.Advance(sizeof(long));
    }

    private void Counted(byte small, byte medium, byte large, int count)
    {
        if (count < 16)
        {
            Byte((byte)(small | count));
        }
        else
        {
            Counted(medium, large, count);
        }
    }

    private void Counted(byte medium, byte large, int count)
    {
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, count);
        Byte(count <= ushort.MaxValue ? medium : large);
        Bytes(count <= ushort.MaxValue ? length[2..] : length);
    }

    private void Byte(byte value) => Bytes([value]);

    private void Bytes(ReadOnlySpan<byte> bytes) => buffer.Write(bytes);
}
