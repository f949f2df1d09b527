using System.Text;

namespace PgFleet.Postgres.Sql;

/// <summary>
/// A name or a setting from a catalogue shared by all databases. In a database with encoding SQL_ASCII the server does not validate names, so
/// their bytes may not be valid text. They are transferred as hex digits, which always are.
/// </summary>
/// <param name="Text">The text, for display; bytes that are not UTF-8 are escaped.</param>
/// <param name="Reads">True if the text is exactly the name, so that a statement can refer to it.</param>
internal readonly record struct RawText(string Text, bool Reads)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Wraps an SQL expression, whose type can be cast to text, so that its bytes are returned as hex digits.</summary>
    public static string Sql(string expression) => $"pg_catalog.encode(pg_catalog.textsend(({expression})::pg_catalog.text), 'hex')";

    /// <summary>Decodes the result of <see cref="Sql"/>.</summary>
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
