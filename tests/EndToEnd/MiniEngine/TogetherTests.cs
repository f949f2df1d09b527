using MiniEngine;

namespace PgFleet.EndToEnd.MiniEngine;

/// <summary>Resources that follow another one because of their options, and runs that execute the program.</summary>
public sealed class TogetherTests
{
    private static string Pair(int number, string option, bool deleteFirst = true) => $$"""
        resources:
          a: { type: "fake:Thing", properties: { fixed: {{number}}, deleteFirst: {{(deleteFirst ? "true" : "false")}} } }
          b: { type: "fake:Thing", properties: { x: 1 }, options: { {{option}} } }
        """;

    [Fact]
    public async Task What_is_replaced_with_another_is_deleted_first_and_not_diffed()
    {
        const string Option = "replaceWith: [ \"${a}\" ]";
        await using var fake = await FakeStack.StartAsync(Pair(1, Option));
        await fake.UpAsync();
        fake.Write(Pair(2, Option));
        var (_, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.Equal(["Check a (olds)", "Diff a", "Check a", "Delete b", "Delete a", "Create a", "Check b", "Create b"], wire);
    }

    [Fact]
    public async Task What_is_replaced_with_another_that_is_created_first_is_so_too()
    {
        const string Option = "replaceWith: [ \"${a}\" ]";
        await using var fake = await FakeStack.StartAsync(Pair(1, Option, deleteFirst: false));
        await fake.UpAsync();
        fake.Write(Pair(2, Option, deleteFirst: false));
        var (_, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.Equal(["Check a (olds)", "Diff a", "Check a", "Create a", "Check b (olds)", "Check b", "Create b", "Delete b", "Delete a"], wire);
    }

    [Fact]
    public async Task What_is_deleted_with_another_is_never_asked_to_go()
    {
        const string Option = "deletedWith: \"${a}\"";
        await using var fake = await FakeStack.StartAsync(Pair(1, Option));
        await fake.UpAsync();
        fake.Write(Pair(2, Option));
        var (up, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.True(up.Succeeded, string.Join("\n", up.Errors));
        Assert.Equal(["Check a (olds)", "Diff a", "Check a", "Delete a", "Create a", "Check b", "Create b"], wire);
        var (_, destroyed) = await fake.RunAsync(stack => stack.DestroyAsync());
        Assert.Equal(["Delete a"], destroyed);
        Assert.Empty(fake.Stack.Load().Resources);
    }

    [Fact]
    public async Task A_destruction_with_the_program_checks_nothing_and_makes_nothing()
    {
        await using var fake = await FakeStack.StartAsync(Pair(1, ""));
        await fake.UpAsync();
        fake.Write(Pair(2, "") + "\n  c: { type: \"fake:Thing\" }");
        var (destroyed, wire) = await fake.RunAsync(stack => stack.DestroyAsync(new() { RunProgram = true }));
        Assert.True(destroyed.Succeeded, string.Join("\n", destroyed.Errors));
        Assert.Equal(["Delete a", "Delete b"], wire.Order());
        Assert.Empty(fake.Provider.World);
        Assert.Empty(fake.Stack.Load().Resources);
    }

    [Fact]
    public async Task A_refresh_with_the_program_reads_what_has_left_it_too_and_makes_nothing()
    {
        await using var fake = await FakeStack.StartAsync(Pair(1, ""));
        await fake.UpAsync();
        fake.Write("resources: { a: { type: \"fake:Thing\", properties: { fixed: 1, deleteFirst: true } }, c: { type: \"fake:Thing\" } }");
        var (refreshed, wire) = await fake.RunAsync(stack => stack.RefreshAsync(new() { RunProgram = true }));
        Assert.True(refreshed.Succeeded, string.Join("\n", refreshed.Errors));
        Assert.Equal(["Read a", "Diff a", "Read b", "Diff b"], wire);
        Assert.Equal(2, fake.Provider.World.Count);
    }

    [Fact]
    public async Task What_is_read_and_then_managed_is_made_and_the_other_way_round_let_go_of()
    {
        const string Read = "resources: { a: { type: \"fake:Thing\", get: { id: there } } }";
        const string Managed = "resources: { a: { type: \"fake:Thing\", properties: { x: 1 } } }";
        await using var fake = await FakeStack.StartAsync(Read);
        fake.Provider.World["there"] = new() { Fields = { ["x"] = Google.Protobuf.WellKnownTypes.Value.ForNumber(1), ["made"] = Google.Protobuf.WellKnownTypes.Value.ForNumber(0) } };
        await fake.UpAsync();
        fake.Write(Managed);
        var (up, made) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.True(up.Succeeded, string.Join("\n", up.Errors));
        Assert.Equal(["Check a", "Create a"], made);
        fake.Write(Read);
        var (_, read) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.Equal(["Read a", "Delete a"], read);
        Assert.Equal(["there"], fake.Provider.World.Keys);
    }

    [Fact]
    public async Task IgnoreChanges_of_everything_keeps_what_was_there_and_is_told_to_Diff()
    {
        string Thing(int number) => $"resources: {{ a: {{ type: \"fake:Thing\", properties: {{ x: {number} }}, options: {{ ignoreChanges: [ \"*\" ] }} }} }}";
        await using var fake = await FakeStack.StartAsync(Thing(1));
        await fake.UpAsync();
        var told = new List<string>();
        fake.Provider.OnDiff = request =>
        {
            told.AddRange(request.IgnoreChanges);
            Assert.Equal(1, request.News.Fields["x"].NumberValue);
            return new() { Changes = Pulumirpc.DiffResponse.Types.DiffChanges.DiffNone };
        };
        fake.Write(Thing(2));
        Assert.Equal([Op.Same], (await fake.RunAsync(stack => stack.UpAsync())).Result.StepsOf("a"));
        Assert.Equal(["*"], told);
    }
}
