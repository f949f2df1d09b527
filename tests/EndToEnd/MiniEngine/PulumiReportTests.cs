using MiniEngine;
using MiniEngine.Pulumi;
using MiniEngine.Values;

namespace PgFleet.EndToEnd.MiniEngine;

/// <summary>Of samples written from Pulumi's documented formats: the real program has not been run here.</summary>
public sealed class PulumiReportTests
{
    private const string Urn = "urn:pulumi:dev::shop::fake:index:Thing::a";

    [Fact]
    public void Reads_steps_messages_outputs_and_resources()
    {
        var result = PulumiReport.Read(
            succeeded: false,
            errors: "",
            events:
            [
                $$$"""{"resOutputsEvent":{"metadata":{"op":"update","urn":"{{{Urn}}}","detailedDiff":{"x":{"diffKind":"update-replace"}}}}}""",
                $$$"""{"resOutputsEvent":{"metadata":{"op":"replace","urn":"{{{Urn}}}"}}}""",
                $$$"""{"diagnosticEvent":{"urn":"{{{Urn}}}","message":"no room\n","severity":"error"}}""",
                $$$"""{"resOpFailedEvent":{"metadata":{"op":"create-replacement","urn":"{{{Urn}}}"},"status":1}}""",
                """{"summaryEvent":{}}""",
            ],
            outputs: """{"uri":"hush","id":"a-1"}""",
            maskedOutputs: """{"uri":"[secret]","id":"a-1"}""",
            state: $$$$"""
                {"deployment":{"resources":[{"urn":"{{{{Urn}}}}","id":"a-1","protect":true,
                "outputs":{"uri":{"{{{{WireNames.Signature}}}}":"{{{{WireNames.Secret}}}}","plaintext":"\"hush\""}}}]}}
                """);
        Assert.Equal(["no room"], result.Errors);
        Assert.Equal([(Op.Update, null), (Op.CreateReplacement, "no room")], result.Steps.Select(step => (step.Op, step.Error)));
        Assert.Equal([new PropertyChange("x", ChangeKind.Update, Replaces: true)], result.Steps[0].Changes);
        Assert.Equal(["uri"], result.SecretOutputs);
        Assert.Equal(["uri"], result["a"].SecretOutputs);
        Assert.Equal("hush", result["a"].Outputs["uri"]!.GetValue<string>());
        Assert.True(result["a"].Protect);
    }
}
