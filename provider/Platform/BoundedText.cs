using System.Text;

namespace PgFleet.Platform;

/// <summary>Reads the output of an untrusted process: bounded in length, with control characters replaced.</summary>
internal sealed class BoundedText
{
    /// <summary>Limit in characters: of the whole output, or of one line when lines are passed on. Far above what the commands run here print.</summary>
    public const int Most = 1 << 20;

    private readonly StringBuilder kept = new();
    private readonly Action<string>? onLine;
    private readonly Action tooMuch;

    /// <param name="stream">The output.</param>
    /// <param name="onLine">Receives each line; null: the whole text is kept.</param>
    /// <param name="tooMuch">Called once at the limit; nothing is read after that.</param>
    /// <param name="cancel">Ends the reading.</param>
    public BoundedText(Stream stream, Action<string>? onLine, Action tooMuch, CancellationToken cancel)
    {
        (this.onLine, this.tooMuch) = (onLine, tooMuch);
        Ended = ReadAsync(stream, cancel);
    }

    /// <summary>Completes at the end of the stream; never faults.</summary>
    public Task Ended { get; }

    public bool IsCut { get; private set; }

    public override string ToString() => kept.ToString();

    /// <summary>Replaces control characters other than newline and tab, so that text can be shown on a terminal.</summary>
    public static string Clean(string text) => string.Concat(text.Select(Clean));

    private static char Clean(char character) => char.IsControl(character) && character is not ('\n' or '\t') ? '\uFFFD' : character;

    private async Task ReadAsync(Stream stream, CancellationToken cancel)
    {
        var (bytes, characters, decoder) = (new byte[8 << 10], new char[Encoding.UTF8.GetMaxCharCount(8 << 10)], Encoding.UTF8.GetDecoder());
        try
        {
            while (await stream.ReadAsync(bytes, cancel) is > 0 and var count)
            {
                Take(characters.AsSpan(0, decoder.GetChars(bytes.AsSpan(0, count), characters, flush: false)));
                if (kept.Length > Most)
                {
                    IsCut = true;
                    tooMuch();
                    break;
                }
            }
            Tell(kept.Length);
        }
        catch (Exception closed) when (closed is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The stream was closed or the reading cancelled: what was read so far stands.
        }
    }

    private void Take(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character == '\n' && onLine is not null)
            {
                Tell(kept.Length);
            }
            else
            {
                kept.Append(Clean(character));
            }
        }
    }

    private void Tell(int length)
    {
        if (onLine is not null && length > 0)
        {
            onLine(kept.ToString(0, length));
            kept.Clear();
        }
    }
}
