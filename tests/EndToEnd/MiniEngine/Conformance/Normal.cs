using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace PgFleet.EndToEnd.MiniEngine.Conformance;

/// <summary>A call's fields without those that differ between runs: addresses, tokens, seeds, generated names, ids of new providers.</summary>
internal static partial class Normal
{
    /// <param name="newProviders">The URNs of providers that the phase creates: their ids are random.</param>
    public static JsonObject Of(string method, JsonObject request, IReadOnlySet<string> newProviders)
    {
        var fields = new JsonObject(request.Select(field => KeyValuePair.Create(field.Key, Of(field.Key, field.Value))));
        if (method is "Configure" && newProviders.Contains(fields["urn"]!.GetValue<string>()) && Guid.TryParse(fields["id"]!.GetValue<string>(), out var id) && id.ToString() != global::MiniEngine.Values.WireNames.UnknownText)
            fields["id"] = "$ID";
        if (fields["autonaming"]?["proposedName"] is { } proposed)
            fields["autonaming"]!["proposedName"] = Drawn().Replace(proposed.GetValue<string>(), "_$DRAWN");
        return fields;
    }

    private static JsonNode? Of(string field, JsonNode? value) => field switch
    {
        "engineAddress" or "mapperTarget" or "loaderTarget" or "resolverTarget" or "address" or "resourceStatusAddress" =>
            Port().Replace(value!.GetValue<string>(), ":$PORT"),
        "rootDirectory" or "programDirectory" => "$BIN",
        "resourceStatusToken" => "$TOKEN",
        "randomSeed" => Convert.FromBase64String(value!.GetValue<string>()).Length,
        _ => value?.DeepClone(),
    };

    [GeneratedRegex(@":\d+$")]
    private static partial Regex Port();

    [GeneratedRegex("_[a-z]{4}$")]
    private static partial Regex Drawn();
}
