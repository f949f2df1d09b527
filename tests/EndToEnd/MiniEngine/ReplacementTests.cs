using MiniEngine;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed class ReplacementTests
{
    private static string Chain(int number, bool deleteFirst) => $$"""
        resources:
          a: { type: "fake:Thing", properties: { fixed: {{number}}, deleteFirst: {{(deleteFirst ? "true" : "false")}} } }
          bound: { type: "fake:Thing", properties: { fixedTo: "${a.id}" } }
          loose: { type: "fake:Thing", properties: { to: "${a.id}" } }
          after: { type: "fake:Thing", properties: { fixed: 1 }, options: { dependsOn: [ "${a}" ] } }
        """;

    [Fact]
    public async Task Creates_before_it_deletes()
    {
        await using var fake = await FakeStack.StartAsync(Chain(1, deleteFirst: false));
        await fake.UpAsync();
        var up = await fake.UpAsync(Chain(2, deleteFirst: false));
        Assert.Equal([Op.CreateReplacement, Op.DeleteReplaced], up.StepsOf("a"));
        Assert.Equal([Op.CreateReplacement, Op.DeleteReplaced], up.StepsOf("bound"));
        Assert.Equal([Op.Update], up.StepsOf("loose"));
        Assert.Equal([Op.Same], up.StepsOf("after"));
        var calls = fake.RealCalls.ToList();
        Assert.Equal("Create a", calls[0]);
        Assert.Equal(["Delete bound", "Delete a"], calls[^2..]);
        Assert.Equal(4, fake.Provider.World.Count);
    }

    [Fact]
    public async Task Deletes_first_with_the_dependants_that_would_be_replaced()
    {
        await using var fake = await FakeStack.StartAsync(Chain(1, deleteFirst: true));
        await fake.UpAsync();
        var up = await fake.UpAsync(Chain(2, deleteFirst: true));
        var calls = fake.RealCalls.ToList();
        Assert.Equal(["Delete bound", "Delete a", "Create a"], calls[..3]);
        Assert.Contains("Create bound", calls[3..]);
        Assert.Contains("Update loose", calls[3..]);
        Assert.Equal([Op.DeleteReplaced, Op.CreateReplacement], up.StepsOf("bound"));
        Assert.Equal([Op.Same], up.StepsOf("after"));
    }

    [Theory]
    [InlineData(true, new[] { "Delete a", "Create a" })]
    [InlineData(false, new[] { "Create a", "Delete a" })]
    public async Task The_option_wins_over_the_provider(bool option, string[] calls)
    {
        string Program(int number) => $$"""
            resources:
              a:
                type: fake:Thing
                properties: { fixed: {{number}}, deleteFirst: {{(option ? "false" : "true")}} }
                options: { deleteBeforeReplace: {{(option ? "true" : "false")}} }
            """;
        await using var fake = await FakeStack.StartAsync(Program(1));
        await fake.UpAsync();
        await fake.UpAsync(Program(2));
        Assert.Equal(calls, fake.RealCalls);
    }

    [Fact]
    public async Task A_replacement_is_checked_again_without_the_old_inputs()
    {
        await using var fake = await FakeStack.StartAsync(Chain(1, deleteFirst: false));
        await fake.UpAsync();
        var olds = new List<(int Count, string Seed)>();
        fake.Provider.OnCheck = request =>
        {
            if (request.Name == "a")
                olds.Add((request.Olds.Fields.Count, request.RandomSeed.ToBase64()));
            Assert.Equal(32, request.RandomSeed.Length);
            return new() { Inputs = request.News };
        };
        fake.Write(Chain(2, deleteFirst: false));
        Assert.True((await fake.Stack.PreviewAsync()).Succeeded);
        Assert.Equal([2, 0], olds.Select(check => check.Count));
        Assert.Single(olds.Select(check => check.Seed).Distinct());
    }

    [Fact]
    public async Task A_protected_resource_is_neither_replaced_nor_deleted()
    {
        string Program(int number) => $$"""
            resources:
              a: { type: "fake:Thing", properties: { fixed: {{number}} }, options: { protect: true } }
              b: { type: "fake:Thing" }
            """;
        await using var fake = await FakeStack.StartAsync(Program(1));
        await fake.UpAsync();
        fake.Write(Program(2));
        Assert.Contains("\"a\" is protected and would be replaced.", Assert.Single((await fake.Stack.UpAsync()).Errors), StringComparison.Ordinal);
        Assert.Equal(2, fake.Provider.World.Count);
        Assert.Contains("\"a\" is protected and cannot be deleted.", Assert.Single((await fake.Stack.DestroyAsync()).Errors), StringComparison.Ordinal);
        Assert.Equal(["a-1"], fake.Provider.World.Keys);
    }

    [Fact]
    public async Task A_protected_dependant_keeps_what_it_needs()
    {
        string Program(int number) => $$"""
            resources:
              a: { type: "fake:Thing", properties: { fixed: {{number}}, deleteFirst: true } }
              b: { type: "fake:Thing", properties: { fixed: "${a.id}" }, options: { protect: true } }
            """;
        await using var fake = await FakeStack.StartAsync(Program(1));
        await fake.UpAsync();
        fake.Write(Program(2));
        Assert.Contains("would be replaced together with \"a\"", Assert.Single((await fake.Stack.UpAsync()).Errors), StringComparison.Ordinal);
        Assert.Equal(2, fake.Provider.World.Count);
    }
}
