using System.Text.Json;
using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Archives;

/// <summary>A failure of the archive's program, as it tells it to the process that started it.</summary>
/// <param name="Kind">The provider reports it as the same kind.</param>
/// <param name="What">As in <see cref="ResourceFailure"/>, on one line.</param>
/// <param name="Remedy">As in <see cref="ResourceFailure"/>, on one line.</param>
internal sealed record HelperFailure(FailureKind Kind, string What, string Remedy)
{
    private const string UsualRemedy = "Correct what it names, then run this again.";

    public static HelperFailure Of(Exception failure) => (failure as ResourceFailure ?? SystemErrors.Explain(failure)) is { } told
        ? new(told.Kind, OneLine(told.What), OneLine(told.Remedy))
        : Of(failure.Message);

    /// <summary>Read by a process that does not trust its writer.</summary>
    public static HelperFailure Parse(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, ArchiveJson.OneLine.HelperFailure) is { What: { } what, Remedy: { } remedy } told && Enum.IsDefined(told.Kind)
                ? new(told.Kind, BoundedText.Clean(what), BoundedText.Clean(remedy))
                : Of(json);
        }
        catch (JsonException)
        {
            return Of(json);
        }
    }

    /// <summary>What was said in other words than these, such as by the system that could not run the program.</summary>
    public static HelperFailure Of(string words) => new(FailureKind.Unavailable, OneLine(words), UsualRemedy);

    /// <param name="context">What could not be done because of it: the beginning of a sentence that ends with a colon, or a sentence.</param>
    public ResourceFailure After(string context) => new(Kind, $"{context} {What}", Remedy);

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
