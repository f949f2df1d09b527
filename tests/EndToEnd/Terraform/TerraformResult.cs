using System.Text.Json;

namespace PgFleet.EndToEnd.Terraform;

/// <summary>The result of a terraform command; with -json, one event a line.</summary>
internal sealed record TerraformResult(int Code, string Text)
{
    /// <summary>The planned actions by address: "create", "update", "replace", "delete".</summary>
    public IReadOnlyDictionary<string, string> Changes { get; } = Events(Text, "planned_change")
        .Select(line => line.GetProperty("change"))
        .Where(IsResource)
        .DistinctBy(Address)
        .ToDictionary(Address, change => change.GetProperty("action").GetString()!);

    /// <summary>The executed actions, in order: "create pgfleet_database.orders".</summary>
    public IReadOnlyList<string> Done { get; } =
        [.. Events(Text, "apply_complete").Select(line => line.GetProperty("hook")).Where(IsResource).Select(hook => $"{hook.GetProperty("action").GetString()} {Address(hook)}")];

    public IReadOnlyList<Told> Errors => [.. Diagnostics("error")];

    public IReadOnlyList<Told> Warnings => [.. Diagnostics("warning").Where(told => !told.Summary.StartsWith("Provider development overrides", StringComparison.Ordinal))];

    private IEnumerable<Told> Diagnostics(string severity) =>
        from line in Events(Text, "diagnostic")
        let told = line.GetProperty("diagnostic")
        where told.GetProperty("severity").GetString() == severity
        select new Told(
            told.GetProperty("summary").GetString()!,
            told.GetProperty("detail").GetString()!,
            told.TryGetProperty("snippet", out var snippet) ? snippet.GetProperty("code").GetString() : null);

    private static bool IsResource(JsonElement element) => !Address(element).StartsWith("data.", StringComparison.Ordinal);

    private static string Address(JsonElement element) => element.GetProperty("resource").GetProperty("addr").GetString()!;

    private static IEnumerable<JsonElement> Events(string text, string type) =>
        from line in text.Split('\n')
        where line.StartsWith('{')
        let parsed = JsonDocument.Parse(line).RootElement
        where parsed.TryGetProperty("type", out var kind) && kind.GetString() == type
        select parsed;
}

/// <summary>A diagnostic.</summary>
/// <param name="Summary">The short text.</param>
/// <param name="Detail">The long text.</param>
/// <param name="Code">The line of the program that it refers to.</param>
internal sealed record Told(string Summary, string Detail, string? Code);
