using System.Text;

namespace PgFleet.Postgres.Sql;

/// <summary>
/// A name or a setting of a catalogue that all databases share. In a database whose encoding is SQL_ASCII nothing checks what a name is
/// made of, so that its bytes may be no text. They come as digits, which always do.
/// </summary>
/// <param name="Text">What is no UTF-8 is escaped: for people.</param>
/// <param name="Reads">Whether the text is the name, and a statement can mean it.</param>
internal readonly record struct RawText(string Text, bool Reads)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <param name="expression">Of SQL, whose type can be cast to text.</param>
    public static string Sql(string expression) => $"pg_catalog.encode(pg_catalog.textsend(({expression})::pg_catalog.text), 'hex')";

    /// <param name="digits">What the server says to <see cref="Sql"/>.</param>
    public static RawText Read(string digits)
    {
        var bytes = Convert.FromHexString(digits);
        try
        {
            return new(Strict.GetString(bytes), true);
        }
        catch (DecoderFallbackException)
        {
            return new(Escaped(bytes), false);
        }
    }

    private static string Escaped(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        while (!bytes.IsEmpty)
        {
            var isRune = Rune.DecodeFromUtf8(bytes, out var rune, out var length) == System.Buffers.OperationStatus.Done;
            if (isRune)
            {
                text.Append(rune);
            }
            foreach (var other in isRune ? [] : bytes[..length])
            {
                text.Append($"\\x{other:x2}");
            }
            bytes = bytes[length..];
        }
        return text.ToString();
    }
}
