using System.Text;

namespace PgFleet.Platform;

/// <summary>Reads what a process says that is not trusted: no more of it than is wanted, and nothing that a terminal would obey.</summary>
internal sealed class BoundedText
{
    /// <summary>Far more than any command says that is run here; of one that is listened to, the longest line.</summary>
    public const int Most = 1 << 20;

    private readonly StringBuilder kept = new();
    private readonly Action<string>? heard;
    private readonly Action tooMuch;

    /// <param name="heard">Told of each line; null: all is kept.</param>
    /// <param name="tooMuch">Called once there is more; nothing is read after that.</param>
    public BoundedText(Stream stream, Action<string>? heard, Action tooMuch, CancellationToken cancel)
    {
        (this.heard, this.tooMuch) = (heard, tooMuch);
        Ended = ReadAsync(stream, cancel);
    }

    /// <summary>Never faulted.</summary>
    public Task Ended { get; }

    public bool IsCut { get; private set; }

    public override string ToString() => kept.ToString();

    /// <summary>What people may be shown of it.</summary>
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
            // Nobody listens any more.
        }
    }

    private void Take(ReadOnlySpan<char> text)
    {
        foreach (var character in text)
        {
            if (character == '\n' && heard is not null)
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
        if (heard is not null && length > 0)
        {
            heard(kept.ToString(0, length));
            kept.Clear();
        }
    }
}
