using MiniEngine;
using MiniEngine.Values;
using Pulumirpc;
using static Pulumirpc.DiffResponse.Types;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed class DiffTests
{
    private static string Thing(string properties, string options = "{}") => $$"""
        resources:
          a: { type: "fake:Thing", properties: {{properties}}, options: {{options}} }
        """;

    private static async Task<(FakeStack Fake, StackResult Up)> ChangeAsync(string from, string to, Func<DiffRequest, DiffResponse>? diff, string options = "{}")
    {
        var fake = await FakeStack.StartAsync(Thing(from, options));
        await fake.UpAsync();
        fake.Provider.OnDiff = diff;
        return (fake, await fake.UpAsync(Thing(to, options)));
    }

    [Theory]
    [InlineData("{ x: 1 }", false)]
    [InlineData("{ x: 2 }", true)]
    public async Task A_diff_that_says_nothing_is_made_from_the_inputs(string to, bool updates)
    {
        var (fake, up) = await ChangeAsync("{ x: 1 }", to, _ => new());
        await using (fake)
            Assert.Equal([updates ? Op.Update : Op.Same], up.StepsOf("a"));
    }

    [Fact]
    public async Task Replaces_count_only_where_something_changes()
    {
        var (fake, up) = await ChangeAsync("{ x: 1 }", "{ x: 2 }", _ => new() { Changes = DiffChanges.DiffNone, Replaces = { "x" } });
        await using (fake)
        {
            Assert.Equal([Op.Same], up.StepsOf("a"));
            Assert.Equal(2, up["a"].Inputs["x"]!.GetValue<double>());
            Assert.Equal(1, up["a"].Outputs["x"]!.GetValue<double>());
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_detailed_diff_counts_only_where_it_is_announced(bool announced)
    {
        var (fake, up) = await ChangeAsync("{ x: 1 }", "{ x: 2 }", _ => new()
        {
            Changes = DiffChanges.DiffSome,
            HasDetailedDiff = announced,
            DetailedDiff = { ["x"] = new() { Kind = PropertyDiff.Types.Kind.UpdateReplace } },
        });
        await using (fake)
            Assert.Equal(announced ? Op.CreateReplacement : Op.Update, up.StepsOf("a").First());
    }

    [Fact]
    public async Task Changes_are_shown_with_their_values()
    {
        var (fake, up) = await ChangeAsync("{ x: 1, gone: yes, secret: { \"fn::secret\": one } }", "{ x: 2, new: [1], secret: { \"fn::secret\": two } }", null);
        await using (fake)
        {
            Assert.Equal(
                [
                    new("gone", ChangeKind.Delete, Old: "\"yes\""),
                    new("new", ChangeKind.Add, New: "[1]"),
                    new PropertyChange("secret", ChangeKind.Update, Old: "[secret]", New: "[secret]"),
                    new("x", ChangeKind.Update, Old: "1", New: "2"),
                ],
                up.Steps.Single(step => step.Name == "a").Changes);
        }
    }

    [Fact]
    public async Task ReplaceOnChanges_turns_an_update_into_a_replacement()
    {
        var (fake, up) = await ChangeAsync("{ x: { y: 1 } }", "{ x: { y: 2 } }", _ => new() { Changes = DiffChanges.DiffSome }, "{ replaceOnChanges: [ \"x.*\" ] }");
        await using (fake)
            Assert.Equal([Op.CreateReplacement, Op.DeleteReplaced], up.StepsOf("a"));
    }

    [Fact]
    public async Task IgnoreChanges_keeps_the_values_of_the_last_run()
    {
        var (fake, up) = await ChangeAsync("{ x: 1, y: { z: 1 } }", "{ x: 2, y: { z: 2, w: 2 } }", null, "{ ignoreChanges: [ x, \"y.w\", \"y[\\\"z\\\"]\" ] }");
        await using (fake)
        {
            Assert.Equal([Op.Same], up.StepsOf("a"));
            Assert.Equal("""{"x":1,"y":{"z":1}}""", up["a"].Inputs.ToJsonString());
        }
    }

    [Fact]
    public async Task A_number_that_is_no_kind_of_change_is_an_error()
    {
        await using var fake = await FakeStack.StartAsync(Thing("{ x: 1 }"));
        await fake.UpAsync();
        fake.Provider.OnDiff = _ => new() { Changes = (DiffChanges)7 };
        Assert.Equal("Diff answered 7, which is no kind of change.", Assert.Single((await fake.Stack.UpAsync()).Errors));
    }

    [Fact]
    public async Task Timeouts_reach_the_provider_in_seconds()
    {
        await using var fake = await FakeStack.StartAsync(Thing("{ x: 1 }", "{ customTimeouts: { create: 1h2m3s } }"));
        var timeout = 0.0;
        fake.Provider.OnCreate = request =>
        {
            timeout = request.Timeout;
            return Task.FromResult(request.Preview ? new() : fake.Provider.Make(request));
        };
        await fake.UpAsync();
        Assert.Equal(3723, timeout);
    }
}
