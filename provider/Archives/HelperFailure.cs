using System.Text.Json;
using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Archives;

/// <summary>A failure of the archive program, as it is passed to the process that started it.</summary>
/// <param name="Kind">The kind under which the provider reports it.</param>
/// <param name="What">See <see cref="ResourceFailure"/>; on one line.</param>
/// <param name="Remedy">See <see cref="ResourceFailure"/>; on one line.</param>
internal sealed record HelperFailure(FailureKind Kind, Message What, Message Remedy)
{
    private const string UsualRemedy = "Correct what it names, then run this again.";

    public static HelperFailure Of(Exception failure) => (failure as ResourceFailure ?? SystemErrors.Explain(failure)) is { } told
        ? new(told.Kind, told.What.Select(OneLine), told.Remedy.Select(OneLine))
        : Of(failure.Message);

    /// <summary>Parses a failure. The reading process does not trust the writer, so the text is cleaned.</summary>
    public static HelperFailure Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ArchiveJson.OneLine.HelperFailure) is { What: { } what, Remedy: { } remedy } told && Enum.IsDefined(told.Kind)
                ? new(told.Kind, what.Select(BoundedText.Clean), remedy.Select(BoundedText.Clean))
                : Of(json);
        }
        catch (JsonException)
        {
            return Of(json);
        }
    }

    /// <summary>Wraps any other error text, such as that of a system that could not run the program.</summary>
    public static HelperFailure Of(string words) => new(FailureKind.Unavailable, OneLine(words), UsualRemedy);

    /// <summary>
    /// Converts to a failure whose text begins with <paramref name="context"/>, what could not be done: the start of a sentence up to a colon, or a sentence.
    /// </summary>
    public ResourceFailure After(string context) => new(Kind, $"{context} {What}", Remedy);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
