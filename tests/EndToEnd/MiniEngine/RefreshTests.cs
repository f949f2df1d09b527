using Google.Protobuf.WellKnownTypes;
using MiniEngine;
using MiniEngine.Values;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed class RefreshTests
{
    private const string Two = """
        resources:
          a: { type: "fake:Thing", properties: { x: 1 } }
          b: { type: "fake:Thing", properties: { to: "${a.id}" } }
        """;

    [Fact]
    public async Task Drift_is_shown_recorded_and_put_right_by_the_next_up()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        await fake.UpAsync();
        var drifted = fake.Provider.World["a-1"].Clone();
        drifted.Fields["x"] = Value.ForNumber(5);
        drifted.Fields["extra"] = Value.ForBool(true);
        fake.Provider.World["a-1"] = drifted;

        var refresh = await fake.Stack.RefreshAsync();
        Assert.Equal([Op.Update], refresh.StepsOf("a"));
        Assert.Equal([Op.Same], refresh.StepsOf("b"));
        Assert.Equal(
            [new("extra", ChangeKind.Add, New: "true"), new PropertyChange("x", ChangeKind.Update, Old: "1", New: "5")],
            refresh.Steps.Single(step => step.Name == "a").Changes);
        Assert.Equal(5, refresh["a"].Inputs["x"]!.GetValue<double>());

        var up = await fake.UpAsync();
        Assert.Equal([Op.Update], up.StepsOf("a"));
        Assert.Equal(1, fake.Provider.World["a-1"].Fields["x"].NumberValue);
    }

    [Fact]
    public async Task What_is_gone_is_forgotten_and_made_again()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        await fake.UpAsync();
        fake.Provider.World.Clear();
        fake.Provider.World["b-2"] = new Struct { Fields = { ["to"] = Value.ForString("a-1"), ["made"] = Value.ForNumber(2) } };
        var refresh = await fake.Stack.RefreshAsync();
        Assert.Equal([Op.Delete], refresh.StepsOf("a"));
        Assert.Empty(fake.Stack.Load().Resources.Single(resource => resource.Urn.Name == "b").Dependencies);
        var up = await fake.Stack.UpAsync(new() { Refresh = true });
        Assert.Equal([Op.Create], up.StepsOf("a"));
    }

    [Fact]
    public async Task Inputs_that_are_not_read_stay_and_secrets_stay_secret()
    {
        await using var fake = await FakeStack.StartAsync("""
            resources:
              a: { type: "fake:Thing", properties: { password: { "fn::secret": hush } } }
            """);
        await fake.UpAsync();
        fake.Provider.OnRead = request => new() { Id = "renamed", Properties = new() { Fields = { ["password"] = Value.ForString("hush") } } };
        var refresh = await fake.Stack.RefreshAsync();
        Assert.Equal("renamed", refresh["a"].Id);
        Assert.Equal("hush", refresh["a"].Inputs["password"]!.GetValue<string>());
        Assert.Contains("password", refresh["a"].SecretOutputs);
        Assert.DoesNotContain("hush", fake.StateText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_reads_as_half_made_is_a_warning()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        await fake.UpAsync();
        fake.Provider.OnRead = request => throw FakeProvider.Half(request.Id, request.Properties, "degraded");
        var refresh = await fake.Stack.RefreshAsync();
        Assert.True(refresh.Succeeded);
        Assert.Equal(2, refresh.Diagnostics.Count(diagnostic => diagnostic is { Severity: Severity.Warning, Message: "degraded" }));
        Assert.Equal(["degraded"], refresh["a"].InitErrors);
    }
}
