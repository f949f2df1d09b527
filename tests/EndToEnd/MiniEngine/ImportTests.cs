using Google.Protobuf.WellKnownTypes;
using MiniEngine;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed class ImportTests
{
    private static Struct Thing => new() { Fields = { ["x"] = Value.ForNumber(1), ["made"] = Value.ForNumber(7) } };

    [Fact]
    public async Task The_verb_records_what_exists_and_writes_it_down()
    {
        await using var fake = await FakeStack.StartAsync("resources: {}");
        fake.Provider.World["there"] = Thing;
        fake.Provider.OnRead = request =>
        {
            Assert.Null(request.Inputs);
            Assert.Null(request.Properties);
            return new() { Id = request.Id, Properties = fake.Provider.World[request.Id], Inputs = new() { Fields = { ["x"] = Value.ForNumber(1) } } };
        };
        var import = await fake.Stack.ImportAsync("fake:index:Thing", "a", "there");
        Assert.True(import.Succeeded, string.Join("\n", import.Errors));
        Assert.Equal([Op.Import], import.StepsOf("a"));
        Assert.True(import["a"].Protect);
        Assert.Equal(
            """
            resources:
              a:
                type: fake:index:Thing
                properties:
                  x: 1
                options:
                  protect: true

            """,
            import.Program);

        fake.Provider.OnRead = null;
        Assert.Equal([Op.Same], (await fake.UpAsync(import.Program)).StepsOf("a"));
    }

    [Theory]
    [InlineData("{ x: 1 }", new[] { "Read a", "Check a (olds)", "Diff a" })]
    [InlineData("{ x: 2 }", new[] { "Read a", "Check a (olds)", "Diff a", "Update a" })]
    public async Task The_option_takes_what_there_is_and_makes_it_what_the_program_has(string properties, string[] wire)
    {
        await using var fake = await FakeStack.StartAsync($$"""
            resources:
              a: { type: "fake:Thing", properties: {{properties}}, options: { import: there } }
            """);
        fake.Provider.World["there"] = Thing;
        var (up, calls) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.True(up.Succeeded, string.Join("\n", up.Errors));
        Assert.Equal(wire, calls);
        Assert.Equal("there", up["a"].Id);
        Assert.Equal([Op.Same], (await fake.UpAsync()).StepsOf("a"));
    }

    [Fact]
    public async Task What_does_not_exist_is_not_imported()
    {
        await using var fake = await FakeStack.StartAsync("resources: {}");
        Assert.Equal("\"there\" does not exist.", Assert.Single((await fake.Stack.ImportAsync("fake:index:Thing", "a", "there")).Errors));
    }

    [Fact]
    public async Task What_yields_no_inputs_is_not_imported()
    {
        await using var fake = await FakeStack.StartAsync("resources: {}");
        fake.Provider.OnRead = request => new() { Id = request.Id, Properties = Thing };
        Assert.Contains("does not support importing", Assert.Single((await fake.Stack.ImportAsync("fake:index:Thing", "a", "there")).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_secret_is_not_written_into_the_program()
    {
        await using var fake = await FakeStack.StartAsync("resources: {}");
        fake.Provider.OnRead = request => new()
        {
            Id = request.Id,
            Properties = Thing,
            Inputs = new() { Fields = { ["password"] = Value.ForStruct(SecretTests.Secret("hush")) } },
        };
        var import = await fake.Stack.ImportAsync("fake:index:Thing", "a", "there");
        Assert.Contains("fn::secret", import.Program, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", import.Program, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", fake.StateText, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_only_read_is_never_deleted()
    {
        await using var fake = await FakeStack.StartAsync("""
            resources:
              a: { type: "fake:Thing", get: { id: there, state: { x: 1 } } }
            outputs:
              made: ${a.made}
            """);
        fake.Provider.World["there"] = Thing;
        var up = await fake.UpAsync();
        Assert.Equal([Op.Read], up.StepsOf("a"));
        Assert.Equal(7, up.Outputs["made"]!.GetValue<double>());
        Assert.True((await fake.Stack.DestroyAsync()).Succeeded);
        Assert.Single(fake.Provider.World);
        Assert.Empty(fake.Stack.Load().Resources);
    }
}
