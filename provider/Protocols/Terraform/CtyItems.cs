using System.Globalization;
using System.Text;
using MessagePack;

namespace PgFleet.Protocols.Terraform;

/// <summary>Terraform's conventions for values that MessagePack does not define.</summary>
internal static class CtyItems
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads an unknown value: an extension of any type. Refinements in it are skipped.</summary>
    public static bool TryReadUnknown(this ref MessagePackReader reader)
    {
        var isUnknown = reader.NextMessagePackType == MessagePackType.Extension;
        if (isUnknown)
        {
            reader.Skip();
        }
        return isUnknown;
    }

    /// <summary>Reads an integer, a float or a decimal string.</summary>
    public static double ReadNumber(this ref MessagePackReader reader) =>
        reader.NextMessagePackType == MessagePackType.String ? double.Parse(reader.ReadText(), NumberStyles.Float, CultureInfo.InvariantCulture) : reader.ReadDouble();

    /// <summary>Reads a string, and throws if it is not UTF-8, for which the library's ReadString would return U+FFFD.</summary>
    public static string ReadText(this ref MessagePackReader reader) =>
        Utf8.GetString(reader.ReadStringSequence() ?? throw new MessagePackSerializationException("A text was expected, and there is a null."));

    /// <summary>Writes an unknown value: an extension of type 0, without refinements.</summary>
    public static void WriteUnknown(this ref MessagePackWriter writer) => writer.WriteExtensionFormat(new(0, new byte[1]));

    /// <summary>
    /// Writes an integer that a double represents exactly as such; any other number as its shortest decimal string, which Terraform reads exactly.
    /// </summary>
    public static void WriteNumber(this ref MessagePackWriter writer, double amount)
    {
        if (double.IsInteger(amount) && Math.Abs(amount) < 1L << 53)
        {
            writer.Write((long)amount);
        }
        else
        {
            writer.Write(amount.ToString("R", CultureInfo.InvariantCulture));
        }
    }

    /// <summary>True for the exceptions of the reader when the bytes are not MessagePack, or another item than requested.</summary>
    public static bool IsRefusal(Exception wrong) =>
        wrong is MessagePackSerializationException or EndOfStreamException or ArgumentOutOfRangeException or DecoderFallbackException;
}
