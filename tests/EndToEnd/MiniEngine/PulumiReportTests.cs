using MiniEngine;
using MiniEngine.Pulumi;
using MiniEngine.Values;

namespace PgFleet.EndToEnd.MiniEngine;

/// <summary>Samples written from Pulumi's documented formats: the real program has not been run here.</summary>
public sealed class PulumiReportTests
{
    [Fact]
    public void Reads_steps_messages_outputs_and_resources()
    {
        var result = PulumiReport.Read(
            succeeded: false,
            errors: "",
            events:
            [
                Of("""{"resOutputsEvent":{"metadata":{"op":"update","urn":"URN","detailedDiff":{"x":{"diffKind":"update-replace"}}}}}"""),
                Of("""{"resOutputsEvent":{"metadata":{"op":"replace","urn":"URN"}}}"""),
                Of("""{"diagnosticEvent":{"urn":"URN","message":"no room\n","severity":"error"}}"""),
                Of("""{"resOpFailedEvent":{"metadata":{"op":"create-replacement","urn":"URN"},"status":1}}"""),
                """{"summaryEvent":{}}""",
            ],
            outputs: """{"uri":"hush","id":"a-1"}""",
            maskedOutputs: """{"uri":"[secret]","id":"a-1"}""",
            state: Of("""
                {"deployment":{"resources":[{"urn":"URN","id":"a-1","protect":true,
                "outputs":{"uri":{"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","plaintext":"\"hush\""}}}]}}
                """));
        Assert.Equal(["no room"], result.Errors);
        Assert.Equal([(Op.Update, null), (Op.CreateReplacement, "no room")], result.Steps.Select(step => (step.Op, step.Error)));
        Assert.Equal([new PropertyChange("x", ChangeKind.Update, Replaces: true)], result.Steps[0].Changes);
        Assert.Equal(["uri"], result.SecretOutputs);
        Assert.Equal(["uri"], result["a"].SecretOutputs);
        Assert.Equal("hush", result["a"].Outputs["uri"]!.GetValue<string>());
        Assert.True(result["a"].Protect);
    }

    private static string Of(string json) => json.Replace("URN", "urn:pulumi:dev::shop::fake:index:Thing::a", StringComparison.Ordinal);
}
