using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace PgFleet.Protocols.Terraform;

/// <summary>Reads MessagePack item by item.</summary>
/// <exception cref="FormatException">The bytes are not MessagePack, or another item than requested.</exception>
internal ref struct MessagePackReader(ReadOnlySpan<byte> bytes)
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private ReadOnlySpan<byte> rest = bytes;

    public readonly bool AtEnd => rest.IsEmpty;

    public bool TryNil()
    {
        if (Peek() != 0xc0)
        {
            return false;
        }
        Take(1);
        return true;
    }

    /// <summary>Reads an unknown value: an extension of any type. Refinements in it are skipped.</summary>
    public bool TryUnknown()
    {
        if (Peek() is not (>= 0xc7 and <= 0xc9 or >= 0xd4 and <= 0xd8))
        {
            return false;
        }
        Skip();
        return true;
    }

    public bool Flag() => Byte() switch
    {
        0xc2 => false,
        0xc3 => true,
        var code => throw Unexpected(code, "a boolean"),
    };

    /// <summary>Reads an integer, a float or a decimal string.</summary>
    public double Number()
    {
        if (Peek() is >= 0xa0 and <= 0xbf or >= 0xd9 and <= 0xdb)
        {
            return double.Parse(Text(), NumberStyles.Float, CultureInfo.InvariantCulture);
        }
        var code = Byte();
        return code switch
        {
            <= 0x7f => code,
            >= 0xe0 => (sbyte)code,
            0xca => BinaryPrimitives.ReadSingleBigEndian(Take(4)),
            0xcb => BinaryPrimitives.ReadDoubleBigEndian(Take(8)),
            0xcc => Byte(),
            0xcd => BinaryPrimitives.ReadUInt16BigEndian(Take(2)),
            0xce => BinaryPrimitives.ReadUInt32BigEndian(Take(4)),
            0xcf => BinaryPrimitives.ReadUInt64BigEndian(Take(8)),
            0xd0 => (sbyte)Byte(),
            0xd1 => BinaryPrimitives.ReadInt16BigEndian(Take(2)),
            0xd2 => BinaryPrimitives.ReadInt32BigEndian(Take(4)),
            0xd3 => BinaryPrimitives.ReadInt64BigEndian(Take(8)),
            _ => throw Unexpected(code, "a number"),
        };
    }

    public string Text()
    {
        var code = Byte();
        var length = code switch
        {
            >= 0xa0 and <= 0xbf => code & 0x1f,
            0xd9 => Byte(),
            0xda => Length(2),
            0xdb => Length(4),
            _ => throw Unexpected(code, "a text"),
        };
        try
        {
            return Utf8.GetString(Take(length));
        }
        catch (DecoderFallbackException invalid)
        {
            throw new FormatException("A text is not UTF-8.", invalid);
        }
    }

    /// <returns>The number of items that follow.</returns>
    public int List()
    {
        var code = Byte();
        return code switch
        {
            >= 0x90 and <= 0x9f => code & 0x0f,
            0xdc => Counted(2),
            0xdd => Counted(4),
            _ => throw Unexpected(code, "a list"),
        };
    }

    /// <returns>The number of entries that follow, each a key and a value.</returns>
    public int Map()
    {
        var code = Byte();
        return code switch
        {
            >= 0x80 and <= 0x8f => code & 0x0f,
            0xde => Counted(2),
            0xdf => Counted(4),
            _ => throw Unexpected(code, "a map"),
        };
    }

    /// <summary>Skips one item with everything in it.</summary>
    public void Skip()
    {
        for (var left = 1L; left > 0; left--)
        {
            switch (Peek())
            {
                case >= 0x80 and <= 0x8f or 0xde or 0xdf:
                    left += 2L * Map();
                    break;
                case >= 0x90 and <= 0x9f or 0xdc or 0xdd:
                    left += List();
                    break;
                default:
                    SkipSimple();
                    break;
            }
        }
    }

    private void SkipSimple()
    {
        var code = Byte();
        Take(code switch
        {
            <= 0x7f or >= 0xe0 or 0xc0 or 0xc2 or 0xc3 => 0,
            >= 0xa0 and <= 0xbf => code & 0x1f,
            0xc4 or 0xd9 => Byte(),
            0xc5 or 0xda => Length(2),
            0xc6 or 0xdb => Length(4),
            0xc7 => Byte() + 1,
            0xc8 => Length(2) + 1,
            0xc9 => Length(4) + 1,
            0xcc or 0xd0 => 1,
            0xcd or 0xd1 or 0xd4 => 2,
            0xca or 0xce or 0xd2 => 4,
            0xd5 => 3,
            0xcb or 0xcf or 0xd3 => 8,
            0xd6 => 5,
            0xd7 => 9,
            0xd8 => 17,
            _ => throw Unexpected(code, "an item"),
        });
    }

    private readonly byte Peek() => rest.IsEmpty ? throw new FormatException("The value ends too early.") : rest[0];

    private byte Byte() => Take(1)[0];

    private int Length(int bytes) =>
        bytes == 2 ? BinaryPrimitives.ReadUInt16BigEndian(Take(2))
        : BinaryPrimitives.ReadInt32BigEndian(Take(4)) is >= 0 and var length ? length
        : throw new FormatException("An item is longer than 2 GB.");

    /// <summary>
    /// Reads a count and checks it against the remaining bytes, since every item has at least one, so that a forged count cannot reserve memory.
    /// </summary>
    private int Counted(int bytes) => Length(bytes) is var count && count <= rest.Length ? count : throw new FormatException("The value ends too early.");

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count < 0 || count > rest.Length)
        {
            throw new FormatException("The value ends too early.");
        }
        var taken = rest[..count];
        rest = rest[count..];
        return taken;
    }

    private static FormatException Unexpected(byte code, string wanted) => new($"{wanted} was expected, and the wire has 0x{code:x2}.");
}
