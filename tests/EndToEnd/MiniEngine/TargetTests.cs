using MiniEngine;

namespace PgFleet.EndToEnd.MiniEngine;

/// <summary>Runs limited to targets, and replacements that no Diff asked for (protocol 4.2.3).</summary>
public sealed class TargetTests
{
    private static string Program(int number, string options = "{}") => $$"""
        resources:
          a: { type: "fake:Thing", properties: { x: {{number}} }, options: {{options}} }
          b: { type: "fake:Thing", properties: { x: {{number}}, to: "${a.id}" } }
          c: { type: "fake:Thing", properties: { x: {{number}} } }
        """;

    private static RunOptions Only(params string[] names) => new() { Targets = [.. names.Select(FakeStack.UrnOf)] };

    [Fact]
    public async Task What_is_no_target_is_not_asked_about()
    {
        await using var fake = await FakeStack.StartAsync(Program(1));
        await fake.UpAsync();
        fake.Write(Program(2));
        var (up, wire) = await fake.RunAsync(stack => stack.UpAsync(Only("a")));
        Assert.Equal(["Check a (olds)", "Diff a", "Update a"], wire);
        Assert.Equal(1, up["c"].Inputs["x"]!.GetValue<double>());
        Assert.Equal([Op.Same], up.StepsOf("b"));
    }

    [Fact]
    public async Task Dependants_of_a_target_are_targets_if_that_is_said()
    {
        await using var fake = await FakeStack.StartAsync(Program(1));
        await fake.UpAsync();
        fake.Write(Program(2));
        var (_, wire) = await fake.RunAsync(stack => stack.UpAsync(Only("a") with { TargetDependents = true }));
        Assert.Equal(["Update a", "Update b"], wire.Where(call => call.StartsWith("Update", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_target_needs_nothing_that_would_have_to_be_made_first()
    {
        await using var fake = await FakeStack.StartAsync(Program(1));
        var (up, wire) = await fake.RunAsync(stack => stack.UpAsync(Only("b")));
        Assert.Equal("\"b\" needs \"a\", which is not there and was not named as a target.", Assert.Single(up.Errors));
        Assert.DoesNotContain(wire, call => call.StartsWith("Create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_target_has_to_be_somewhere()
    {
        await using var fake = await FakeStack.StartAsync(Program(1));
        Assert.Contains("in neither the state nor the program", Assert.Single((await fake.RunAsync(stack => stack.UpAsync(Only("z")))).Result.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Destroying_a_target_asks_after_its_dependants_and_does_not_leave_them_without_it()
    {
        await using var fake = await FakeStack.StartAsync(Program(1));
        await fake.UpAsync();
        var (refused, wire) = await fake.RunAsync(stack => stack.DestroyAsync(Only("a")));
        Assert.Contains("\"b\" would be deleted together with a target", Assert.Single(refused.Errors), StringComparison.Ordinal);
        Assert.Equal(["Diff b"], wire);
        var (_, both) = await fake.RunAsync(stack => stack.DestroyAsync(Only("a") with { TargetDependents = true }));
        Assert.Equal(["Diff b", "Delete b", "Delete a"], both);
        Assert.StartsWith("c-", Assert.Single(fake.Provider.World.Keys), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_is_replaced_by_force_with_no_Diff()
    {
        await using var fake = await FakeStack.StartAsync(Program(1));
        await fake.UpAsync();
        var (_, wire) = await fake.RunAsync(stack => stack.UpAsync(RunOptions.TargetReplace(FakeStack.UrnOf("c"))));
        Assert.Equal(["Check c", "Create c", "Delete c"], wire);
    }

    [Theory]
    [InlineData("{ deleteBeforeReplace: true }", new[] { "Check a", "Diff b", "Delete a", "Create a", "Check b (olds)", "Diff b", "Update b", "Check c (olds)", "Diff c" })]
    [InlineData("{}", new[] { "Check a", "Create a", "Check b (olds)", "Diff b", "Update b", "Check c (olds)", "Diff c", "Delete a" })]
    public async Task What_is_tainted_is_replaced_and_is_not_any_more(string options, string[] calls)
    {
        await using var fake = await FakeStack.StartAsync(Program(1, options));
        await fake.UpAsync();
        await fake.Stack.TaintAsync(FakeStack.UrnOf("a"));
        var (up, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.True(up.Succeeded, string.Join("\n", up.Errors));
        Assert.Equal(calls.Order(), wire.Order());
        Assert.Equal(calls.Where(call => call.Contains(" a", StringComparison.Ordinal)), wire.Where(call => call.Contains(" a", StringComparison.Ordinal)));
        Assert.DoesNotContain(fake.Stack.Load().Resources, resource => resource.Taint);
    }

    [Fact]
    public async Task Replacing_everything_named_checks_the_rest_too()
    {
        await using var fake = await FakeStack.StartAsync(Program(1));
        await fake.UpAsync();
        var (_, wire) = await fake.RunAsync(stack => stack.UpAsync(new() { Replace = [FakeStack.UrnOf("c")] }));
        Assert.Contains("Check a (olds)", wire);
        Assert.Contains("Check c", wire);
        Assert.DoesNotContain("Diff c", wire);
    }
}
