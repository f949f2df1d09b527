using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;

namespace PgFleet.Failures;

/// <summary>
/// A text for the user. It is data until a front end renders it, because each front end spells the <see cref="Term"/>s in it differently, and the text
/// between them, such as the user's own names, must not be changed.
/// </summary>
/// <remarks>The compiler converts <c>$"…"</c> to a message wherever one is expected. Immutable from then on.</remarks>
[InterpolatedStringHandler]
internal sealed class Message : IEquatable<Message>
{
    private readonly List<MessagePart> parts;

    [SuppressMessage("Style", "IDE0060", Justification = "The compiler passes both.")]
    public Message(int literalLength, int formattedCount) => parts = new((2 * formattedCount) + 1);

    public Message(IEnumerable<MessagePart> parts)
    {
        this.parts = [];
        AppendAll(parts);
    }

    /// <summary>The parts. Adjacent text parts are merged, so that equal messages have equal parts.</summary>
    public IReadOnlyList<MessagePart> Parts => parts;

    /// <summary>Converts a text without terms.</summary>
    [return: NotNullIfNotNull(nameof(text))]
    public static implicit operator Message?(string? text) => text is null ? null : new([new(PartKind.Text, text)]);

    /// <summary>Makes the compiler convert <c>$"…"</c> to a message.</summary>
    public static Message Of(Message message) => message;

    public static Message Join(string separator, IEnumerable<Message> messages) =>
        new(messages.SelectMany((message, index) => index == 0 ? message.Parts : [new(PartKind.Text, separator), .. message.Parts]));

    public void AppendLiteral(string value) => Append(new(PartKind.Text, value));

    public void AppendFormatted(Term value) => Append(value.Part);

    public void AppendFormatted(Message? value) => AppendAll(value?.parts ?? []);

    public void AppendFormatted(string? value) => AppendLiteral(value ?? "");

    public void AppendFormatted<T>(T value, string? format = null)
        where T : IFormattable => AppendLiteral(value.ToString(format, CultureInfo.InvariantCulture));

    /// <summary>Applies a function to every text and name.</summary>
    public Message Select(Func<string, string> change) =>
        new(parts.Select(part => part with { Text = change(part.Text), Name = change(part.Name), Id = change(part.Id) }));

    public Message TrimEnd(char character) =>
        parts is [.. var before, { Kind: PartKind.Text } last] ? new([.. before, last with { Text = last.Text.TrimEnd(character) }]) : this;

    public string Render(ITerms terms)
    {
        var text = new StringBuilder();
        foreach (var part in parts)
        {
            text.Append(part.Kind switch
            {
                PartKind.Property => terms.Property(part.Text),
                PartKind.Resource => terms.Resource(part.Text),
                PartKind.Function => terms.Function(part.Text),
                PartKind.Import => terms.Import(part.Text, ShellWord.Of(part.Name), ShellWord.Of(part.Id)),
                _ => part.Text,
            });
        }
        return text.ToString();
    }

    /// <summary>Renders with the declared names.</summary>
    public override string ToString() => Render(DeclaredTerms.Instance);

    public bool Equals(Message? other) => other is not null && parts.SequenceEqual(other.parts);

    public override bool Equals(object? obj) => Equals(obj as Message);

    public override int GetHashCode() => parts.Aggregate(0, HashCode.Combine);

    private void AppendAll(IEnumerable<MessagePart> added)
    {
        foreach (var part in added)
        {
            Append(part);
        }
    }

    private void Append(MessagePart part)
    {
        if (part is { Kind: PartKind.Text, Text.Length: 0 })
        {
            return;
        }
        if (part.Kind == PartKind.Text && parts is [.., { Kind: PartKind.Text } last])
        {
            parts[^1] = last with { Text = last.Text + part.Text };
        }
        else
        {
            parts.Add(part);
        }
    }
}
