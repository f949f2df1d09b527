using System.Text.Json;
using System.Text.Json.Nodes;
using MiniEngine.Values;

namespace MiniEngine.Verbs;

/// <summary>Prints the recorded outputs of the stack.</summary>
internal static class OutputVerb
{
    private static readonly JsonSerializerOptions Indented = new(Json.Readable) { WriteIndented = true };

    public static int Run(MiniStack target, TextWriter writer, string? name, bool json, bool showSecrets)
    {
        var outputs = Json.Write(target.Load().Outputs, showSecrets ? Json.Reveal : Json.Mask);
        if (name is null)
            writer.WriteLine(json ? outputs.ToJsonString(Indented) : string.Join(Environment.NewLine, outputs.Select(output => $"{output.Key}  {Show(output.Value, json)}")));
        else if (outputs.ContainsKey(name))
            writer.WriteLine(Show(outputs[name], json));
        else
            throw new UserException($"The stack has no output \"{name}\".");
        return 0;
    }

    private static string Show(JsonNode? value, bool json) =>
        !json && value is JsonValue text && text.TryGetValue<string>(out var content) ? content : value?.ToJsonString(Indented) ?? "null";
}
