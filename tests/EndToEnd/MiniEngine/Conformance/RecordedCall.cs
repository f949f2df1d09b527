using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>One call that the real engine made (see README.md beside the recordings).</summary>
/// <param name="N">The order in which the calls were begun.</param>
/// <param name="Phase">Of each a new engine with new processes: 2 is the update that followed a preview.</param>
/// <param name="Ended">The order in which they were answered, in their phase.</param>
internal sealed record RecordedCall(int N, int Phase, string Method, JsonObject Request, JsonObject? Response, string? Error, int Ended)
{
    public static string Folder { get; } = Path.Combine(Here(), "Recordings");

    public string? Urn => Request["urn"]?.GetValue<string>();

    public string Name => Urn?.Split("::")[^1] ?? "";

    /// <summary>Whether it belongs to what the engine decides, one resource after the other.</summary>
    public bool Decides => Method is "Check" or "Diff" or "CheckConfig" or "DiffConfig";

    /// <summary>Whether it belongs to how a provider is brought up.</summary>
    public bool BringsUp => Method is "Handshake" or "Attach" or "GetPluginInfo" or "GetSchema" or "CheckConfig" or "DiffConfig";

    public static IReadOnlyList<RecordedCall> Load(string name) =>
        [.. File.ReadLines(Path.Combine(Folder, $"{name}.jsonl")).Select(line => JsonSerializer.Deserialize<RecordedCall>(line, JsonSerializerOptions.Web)!)];

    public override string ToString() => $"{N} {Method} {Name}".TrimEnd();

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
