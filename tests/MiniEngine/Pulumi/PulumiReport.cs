using System.Collections.Immutable;
using System.Text.Json.Nodes;
using MiniEngine.Values;

namespace MiniEngine.Pulumi;

/// <summary>Reads <c>pulumi</c>'s reports of a run: its event log, its outputs and its exported state. Changes come without their values.</summary>
internal static class PulumiReport
{
    private const string Masked = "[secret]";

    public static StackResult Read(bool succeeded, string errors, IEnumerable<string> events, string outputs, string maskedOutputs, string state)
    {
        var parsed = events.Select(line => JsonNode.Parse(line)!).ToList();
        var diagnostics = parsed.Select(line => line["diagnosticEvent"]).OfType<JsonObject>().Select(Diagnostic).ToImmutableArray();
        return new()
        {
            Succeeded = succeeded,
            Steps = [.. parsed.Select(line => Step(line, diagnostics)).OfType<Step>()],
            Diagnostics = succeeded || diagnostics.Any(said => said.Severity is Severity.Error) ? diagnostics : diagnostics.Add(new(Severity.Error, null, errors)),
            Outputs = JsonNode.Parse(outputs)!.AsObject(),
            SecretOutputs = [.. JsonNode.Parse(maskedOutputs)!.AsObject().Where(output => output.Value?.ToString() == Masked).Select(output => output.Key)],
            Resources = [.. (JsonNode.Parse(state)?["deployment"]?["resources"]?.AsArray() ?? []).Select(resource => View(resource!)).Where(view => view.Type != StackType)],
        };
    }

    private const string StackType = "pulumi:pulumi:Stack";

    private static Step? Step(JsonNode line, ImmutableArray<Diagnostic> diagnostics)
    {
        var failed = line["resOpFailedEvent"]?["metadata"];
        if ((line["resOutputsEvent"]?["metadata"] ?? failed) is not { } step)
            return null;
        var urn = Urn.Parse(Text(step, "urn"));
        if (urn.Type == StackType || Operation(Text(step, "op")) is not { } op)
            return null;
        var error = failed is null ? null : diagnostics.LastOrDefault(said => said.Urn == urn && said.Severity is Severity.Error)?.Message ?? "failed";
        return new(urn, op, [.. (step["detailedDiff"] as JsonObject ?? []).Select(Change)], error);
    }

    /// <summary>The step's kind; null for a step of Pulumi's bookkeeping.</summary>
    private static Op? Operation(string op) => op switch
    {
        "same" => Op.Same,
        "create" => Op.Create,
        "update" => Op.Update,
        "delete" => Op.Delete,
        "create-replacement" => Op.CreateReplacement,
        "delete-replaced" => Op.DeleteReplaced,
        "read" => Op.Read,
        "import" => Op.Import,
        _ => null,
    };

    private static PropertyChange Change(KeyValuePair<string, JsonNode?> item)
    {
        var kind = Text(item.Value!, "diffKind");
        return new(
            item.Key,
            kind.StartsWith("add", StringComparison.Ordinal) ? ChangeKind.Add : kind.StartsWith("delete", StringComparison.Ordinal) ? ChangeKind.Delete : ChangeKind.Update,
            Replaces: kind.EndsWith("-replace", StringComparison.Ordinal));
    }

    private static Diagnostic Diagnostic(JsonObject said) => new(
        Text(said, "severity") switch { "error" => Severity.Error, "warning" => Severity.Warning, "debug" => Severity.Debug, _ => Severity.Info },
        Text(said, "urn") is { Length: > 0 } urn ? Urn.Parse(urn) : null,
        Text(said, "message").Trim());

    private static ResourceView View(JsonNode resource)
    {
        var outputs = Values(resource["outputs"]);
        return new(
            Urn.Parse(Text(resource, "urn")),
            Text(resource, "id"),
            Json.Write(Values(resource["inputs"]), Json.Reveal),
            Json.Write(outputs, Json.Reveal),
            [.. outputs.Items.Where(item => item.Value.HasSecret).Select(item => item.Key)],
            Flag(resource, "protect"),
            Flag(resource, "pendingReplacement"),
            Flag(resource, "delete"),
            [.. (resource["initErrors"]?.AsArray() ?? []).Select(reason => reason!.GetValue<string>())]);
    }

    /// <summary>An exported secret is <c>{signature, plaintext: JSON}</c>.</summary>
    private static Map Values(JsonNode? node) =>
        (Map)Json.Read(node ?? new JsonObject(), fields => fields["plaintext"] is { } plain && fields.ContainsKey(WireNames.Signature) ? Json.Parse(plain.GetValue<string>()).AsSecret() : null);

    private static string Text(JsonNode node, string name) => node[name]?.GetValue<string>() ?? "";

    private static bool Flag(JsonNode node, string name) => node[name]?.GetValue<bool>() ?? false;
}
