using System.Globalization;
using System.Text;
using MessagePack;

namespace PgFleet.Protocols.Terraform;

/// <summary>How Terraform says in MessagePack what MessagePack itself does not define.</summary>
internal static class CtyItems
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>An extension of whatever type is something that is not known; what is known of it all the same is passed over.</summary>
    public static bool TryReadUnknown(this ref MessagePackReader reader)
    {
        var isUnknown = reader.NextMessagePackType == MessagePackType.Extension;
        if (isUnknown)
        {
            reader.Skip();
        }
        return isUnknown;
    }

    /// <summary>An integer, a float or a decimal text.</summary>
    public static double ReadNumber(this ref MessagePackReader reader) =>
        reader.NextMessagePackType == MessagePackType.String ? double.Parse(reader.ReadText(), NumberStyles.Float, CultureInfo.InvariantCulture) : reader.ReadDouble();

    /// <remarks>The library's own ReadString puts U+FFFD where the bytes are no UTF-8.</remarks>
    public static string ReadText(this ref MessagePackReader reader) =>
        Utf8.GetString(reader.ReadStringSequence() ?? throw new MessagePackSerializationException("A text was expected, and there is a null."));

    /// <summary>An extension of type 0. Nothing is promised of the value.</summary>
    public static void WriteUnknown(this ref MessagePackWriter writer) => writer.WriteExtensionFormat(new(0, new byte[1]));

    /// <summary>Whole numbers that a double tells apart, as such; any other as its shortest decimal text, which Terraform reads exactly.</summary>
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

    /// <summary>Whether this is what the reader throws at bytes that are no MessagePack, or at another item than the one asked for.</summary>
    public static bool IsRefusal(Exception wrong) =>
        wrong is MessagePackSerializationException or EndOfStreamException or ArgumentOutOfRangeException or DecoderFallbackException;
}
