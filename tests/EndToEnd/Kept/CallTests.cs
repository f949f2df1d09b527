using System.Text.Json.Nodes;

namespace PgFleet.EndToEnd.Kept;

[Collection(KeptAsItWas.Name)]
public sealed class CallTests(KeptHome kept)
{
    /// <summary>The permitted differences from the answers of 0.1.0: a property's name, the calls, and the reason.</summary>
    private static readonly (string Property, string[] Calls, string Why)[] Otherwise =
    [
        (".identity", ["Create", "Update", "Read"], "0.1.0 gave nothing an identity; where a state has none, no drift is told and nothing is planned."),
        (".backup.onDelete", ["Check", "Create", "Update", "Read"], "0.1.0 kept no deleted server's archive; what is not said is taken for the default."),
        (".deleted", ["Invoke"], "The same."),
        (".damaged", ["Invoke"], "The same."),
        (".checked", ["Invoke"], "0.1.0 did not say of a backup whether it was checked."),
        (".latest", ["Invoke"], "The window of a server that runs ends now."),
        (".version", ["GetPluginInfo"], "It is the program's own."),
        (".deleteBeforeReplace", ["Diff"], "0.1.0 did not say it where nothing changed; an engine that replaced all the same then deleted what it had just made."),
        (".reason", ["Check"], "A refusal may be told in other words."),
        (".status", ["Invoke"], "Whether a linked server answers is of that moment."),
        (".reason", ["Invoke"], "The same."),
    ];

    [Theory]
    [InlineData("unchanged")]
    [InlineData("refresh")]
    [InlineData("update")]
    [InlineData("replace")]
    [InlineData("removal")]
    [InlineData("more")]
    [InlineData("wrong")]
    [InlineData("import-main")]
    [InlineData("import-orders")]
    [InlineData("import-undone")]
    [InlineData("import-legacy")]
    [InlineData("import-shop-app")]
    public async Task What_0_1_0_was_asked_is_answered_as_0_1_0_did(string calls)
    {
        var recorded = RecordedAnswer.Load(Path.Combine(kept.Calls, $"{calls}.jsonl"));
        await using var replay = await Replay.BeginAsync(kept.Work);
        var differences = new List<string>();
        using var edited = calls == "update" ? new Edited(Path.Combine(kept.Work.Project, "shop-app", "migration.sql"), "-- seen again\n") : null;
        foreach (var call in recorded)
        {
            differences.AddRange(await DifferencesAsync(replay, call));
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    /// <remarks>A read waits 2 s for a server, and may report one on a busy machine as unreachable; it is repeated.</remarks>
    private static async Task<List<string>> DifferencesAsync(Replay replay, RecordedAnswer call)
    {
        for (var again = 10; ; again--)
        {
            var differences = Compare(call, "", call.Response ?? (JsonNode)call.Error!, await replay.AskAsync(call)).ToList();
            if (differences.Count == 0 || call.Method != "Read" || again == 0)
            {
                return differences;
            }
        }
    }

    private static IEnumerable<string> Compare(RecordedAnswer call, string path, JsonNode? then, JsonNode? now)
    {
        if (Otherwise.Any(one => one.Calls.Contains(call.Method) && path.EndsWith(one.Property, StringComparison.Ordinal)))
        {
            return [];
        }
        if (then is JsonObject old && now is JsonObject renewed)
        {
            return old.Select(field => field.Key).Union(renewed.Select(field => field.Key))
                .SelectMany(name => Compare(call, $"{path}.{name}", old[name], renewed[name]));
        }
        if (then is JsonArray list && now is JsonArray other && list.Count == other.Count)
        {
            return list.Zip(other).SelectMany(pair => Compare(call, path, pair.First, pair.Second));
        }
        return JsonNode.DeepEquals(then, now) ? [] : [$"{call}{path}: was {then?.ToJsonString() ?? "absent"}, is {now?.ToJsonString() ?? "absent"}"];
    }

    /// <summary>The application's folder, as it was when the calls were recorded.</summary>
    private sealed class Edited : IDisposable
    {
        private readonly string file;
        private readonly string before;

        public Edited(string file, string more)
        {
            (this.file, before) = (file, File.ReadAllText(file));
            File.AppendAllText(file, more);
        }

        public void Dispose() => File.WriteAllText(file, before);
    }
}
