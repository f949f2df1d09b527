using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>A call of the real engine (see README.md beside the recordings).</summary>
/// <param name="N">The order in which the calls started.</param>
/// <param name="Phase">The number of the engine process: 2 is the update after a preview.</param>
/// <param name="Ended">The order in which they ended, within their phase.</param>
internal sealed record RecordedCall(int N, int Phase, string Method, JsonObject Request, JsonObject? Response, string? Error, int Ended)
{
    public static string Folder { get; } = Path.Combine(Here(), "Recordings");

    public string? Urn => Request["urn"]?.GetValue<string>();

    public string Name => Urn?.Split("::")[^1] ?? "";

    /// <summary>True for calls of the engine's decisions, which are made for one resource after another.</summary>
    public bool Decides => Method is "Check" or "Diff" or "CheckConfig" or "DiffConfig";

    /// <summary>True for calls that start and configure a provider.</summary>
    public bool BringsUp => Method is "Handshake" or "Attach" or "GetPluginInfo" or "GetSchema" or "CheckConfig" or "DiffConfig";

    public static IReadOnlyList<RecordedCall> Load(string name) =>
        [.. File.ReadLines(Path.Combine(Folder, $"{name}.jsonl")).Select(line => JsonSerializer.Deserialize<RecordedCall>(line, JsonSerializerOptions.Web)!)];

    public override string ToString() => $"{N} {Method} {Name}".TrimEnd();

    private static string Here([CallerFilePath] string file = "") => Path.GetDirectoryName(file)!;
}
