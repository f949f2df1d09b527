using MiniEngine;

namespace PgFleet.EndToEnd.MiniEngine;

public sealed class OrderTests
{
    private const string Chain = """
        resources:
          c: { type: "fake:Thing", properties: { value: "${b.made}" } }
          a: { type: "fake:Thing", properties: { value: 1 } }
          b: { type: "fake:Thing", properties: { value: "after ${a.id}" } }
        outputs:
          last: ${c.id}
        """;

    [Fact]
    public async Task Makes_each_resource_after_what_it_is_made_from_and_ends_it_before()
    {
        await using var fake = await FakeStack.StartAsync(Chain);
        var up = await fake.UpAsync();
        Assert.Equal(["Create a", "Create b", "Create c"], fake.RealCalls);
        Assert.Equal("c-3", up.Outputs["last"]!.GetValue<string>());
        Assert.Equal("after a-1", up["b"].Outputs["value"]!.GetValue<string>());
        Assert.Equal(2, up["c"].Inputs["value"]!.GetValue<double>());

        fake.Provider.Calls.Clear();
        Assert.True((await fake.Stack.DestroyAsync()).Succeeded);
        Assert.Equal(["Delete c", "Delete b", "Delete a"], fake.RealCalls);
        Assert.Empty(fake.Provider.World);
    }

    [Fact]
    public async Task A_second_up_changes_nothing()
    {
        await using var fake = await FakeStack.StartAsync(Chain);
        await fake.UpAsync();
        var again = await fake.UpAsync();
        Assert.Empty(fake.Provider.Calls);
        Assert.All(again.Steps, step => Assert.Equal(Op.Same, step.Op));
    }

    [Fact]
    public async Task A_preview_touches_nothing_and_leaves_nothing_behind()
    {
        await using var fake = await FakeStack.StartAsync(Chain);
        var preview = await fake.Stack.PreviewAsync();
        Assert.Equal(3, preview.Steps.Count(step => step.Op is Op.Create));
        Assert.Equal(["(Create a)", "(Create b)", "(Create c)"], fake.Provider.Calls);
        Assert.Equal("[unknown]", preview.Outputs["last"]!.GetValue<string>());
        Assert.Empty(fake.Provider.World);
        Assert.False(Directory.Exists(Path.Combine(fake.Folder, ".pulumi-mini")));
    }

    [Fact]
    public async Task What_does_not_depend_on_each_other_is_made_at_once()
    {
        await using var fake = await FakeStack.StartAsync("""
            resources:
              a: { type: "fake:Thing" }
              b: { type: "fake:Thing" }
            """);
        var both = new CountdownEvent(2);
        fake.Provider.OnCreate = request => Task.Run(() =>
        {
            if (!request.Preview)
            {
                both.Signal();
                Assert.True(both.Wait(TimeSpan.FromSeconds(30)));
            }
            return fake.Provider.Make(request);
        });
        await fake.UpAsync();
    }

    [Fact]
    public async Task DependsOn_orders_what_nothing_else_orders()
    {
        await using var fake = await FakeStack.StartAsync("""
            resources:
              a: { type: "fake:Thing", options: { dependsOn: [ "${b}" ] } }
              b: { type: "fake:Thing" }
            """);
        await fake.UpAsync();
        Assert.Equal(["Create b", "Create a"], fake.RealCalls);
    }

    [Fact]
    public async Task What_leaves_the_program_is_deleted_last()
    {
        await using var fake = await FakeStack.StartAsync(Chain);
        await fake.UpAsync();
        var up = await fake.UpAsync("""
            resources:
              a: { type: "fake:Thing", properties: { value: 2 } }
            """);
        Assert.Equal(["Update a", "Delete c", "Delete b"], fake.RealCalls);
        Assert.Equal([Op.Delete], up.StepsOf("c"));
    }

    [Fact]
    public async Task What_is_retained_is_forgotten_without_being_deleted()
    {
        await using var fake = await FakeStack.StartAsync("""
            resources:
              a: { type: "fake:Thing", options: { retainOnDelete: true } }
            """);
        await fake.UpAsync();
        Assert.True((await fake.Stack.DestroyAsync()).Succeeded);
        Assert.Single(fake.Provider.World);
        Assert.Empty(fake.Stack.Load().Resources);
    }

    [Fact]
    public async Task Two_runs_do_not_share_a_stack()
    {
        await using var fake = await FakeStack.StartAsync("resources: { a: { type: \"fake:Thing\" } }");
        var reached = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        fake.Provider.OnCreate = async request =>
        {
            if (request.Preview)
                return new();
            reached.SetResult();
            await goOn.Task;
            return fake.Provider.Make(request);
        };
        var first = fake.Stack.UpAsync();
        await reached.Task;
        var second = await fake.Stack.DestroyAsync();
        goOn.SetResult();
        Assert.Equal("Another run holds the stack \"dev\". Wait for its end.", Assert.Single(second.Errors));
        Assert.True((await first).Succeeded);
    }
}
