using Grpc.Core;
using MiniEngine;
using MiniEngine.Providers;
using Pulumirpc;

namespace PgFleet.EndToEnd.MiniEngine;

/// <summary>Runs that are interrupted by Ctrl-C, or by the death of the provider or of the engine. The provider is part of this process.</summary>
public sealed class InterruptionTests
{
    private const string Two = """
        resources:
          a: { type: "fake:Thing", properties: { x: 1 } }
          b: { type: "fake:Thing", properties: { after: "${a.id}" } }
        """;

    [Fact]
    public async Task Cancel_comes_to_both_processes_at_once_and_again_at_the_end()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        using var cancel = new CancellationTokenSource();
        fake.Provider.OnCreate = async request =>
        {
            await cancel.CancelAsync();
            await Eventually.TrueAsync(() => fake.Provider.Cancels == 2, "both have heard of it");
            return fake.Provider.Make(request);
        };
        var up = await InProcess(fake).UpAsync(cancel: cancel.Token);
        Assert.False(up.Succeeded);
        Assert.Equal("a-1", up["a"].Id);
        Assert.Equal(4, fake.Provider.Cancels);
        Assert.DoesNotContain("Create b", fake.Provider.Calls);
    }

    [Fact]
    public async Task What_is_deleted_while_Ctrl_C_comes_is_recorded_as_it_ends()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        await InProcess(fake).UpAsync();
        using var cancel = new CancellationTokenSource();
        fake.Provider.OnDelete = async _ => await cancel.CancelAsync();
        var destroyed = await InProcess(fake).DestroyAsync(cancel: cancel.Token);
        Assert.False(destroyed.Succeeded);
        Assert.Equal(["a", "default"], destroyed.Resources.Select(resource => resource.Name).Order());
        Assert.Equal(["a-1"], fake.Provider.World.Keys);
    }

    [Fact]
    public async Task Of_a_provider_that_dies_in_a_creation_nothing_is_recorded()
    {
        await using var fake = await FakeStack.StartAsync(Two);
        fake.Provider.OnCreate = request =>
        {
            fake.Provider.Make(request);
            throw new RpcException(new(StatusCode.Unavailable, "error reading from server: EOF"));
        };
        var up = await InProcess(fake).UpAsync();
        Assert.DoesNotContain(up.Resources, resource => resource.Name == "a");
        Assert.Empty(fake.Stack.Load().Pending);
        Assert.Single(fake.Provider.World);
    }

    [Theory]
    [InlineData(false, "the thing is not there yet")]
    [InlineData(true, "the thing is there, and nobody has heard of it")]
    public async Task An_engine_that_is_killed_leaves_what_it_had_begun(bool made, string how)
    {
        Assert.NotEmpty(how);
        await using var fake = await FakeStack.StartAsync(Two);
        using var kill = new CancellationTokenSource();
        fake.Provider.OnCreate = async request =>
        {
            if (made)
                fake.Provider.Make(request);
            await kill.CancelAsync();
            throw new RpcException(new(StatusCode.Cancelled, "the caller is gone"));
        };
        var up = await InProcess(fake).UpAsync(new() { Kill = kill.Token });
        Assert.False(up.Succeeded);
        Assert.Equal(0, fake.Provider.Cancels);
        Assert.Equal(["creating"], fake.Stack.Load().Pending.Select(operation => operation.Kind));
        Assert.DoesNotContain(up.Resources, resource => resource.Name == "a");

        fake.Provider.OnCreate = null;
        fake.Provider.Wire.Clear();
        var next = await InProcess(fake).UpAsync();
        Assert.True(next.Succeeded, string.Join("\n", next.Errors));
        Assert.Contains("ended while it was creating \"a\"", Assert.Single(next.Diagnostics).Message, StringComparison.Ordinal);
        Assert.Equal(["Check a", "Create a", "Check b", "Create b"], fake.Provider.Wire);
    }

    [Fact]
    public async Task Killed_between_a_deletion_and_the_creation_it_leaves_the_place_kept()
    {
        string Thing(int number) => $"resources: {{ a: {{ type: \"fake:Thing\", properties: {{ fixed: {number}, deleteFirst: true }} }} }}";
        await using var fake = await FakeStack.StartAsync(Thing(1));
        await InProcess(fake).UpAsync();
        fake.Write(Thing(2));
        using var kill = new CancellationTokenSource();
        fake.Provider.OnCreate = async request =>
        {
            await kill.CancelAsync();
            return fake.Provider.Make(request);
        };
        await InProcess(fake).UpAsync(new() { Kill = kill.Token });
        var left = Assert.Single(fake.Stack.Load().Resources, resource => resource.Urn.Name == "a");
        Assert.True(left.PendingReplacement);
        Assert.Equal("a-1", left.Id);
    }

    /// <summary>Without a preview; every process that the engine opens is the same fake.</summary>
    private static MiniStack InProcess(FakeStack fake) => new(fake.Folder, fake.Options with
    {
        SkipPreview = true,
        Environment = fake.Options.Environment.Remove("PULUMI_DEBUG_PROVIDERS"),
        InProcess = _ => new InProcessCalls(binder => ResourceProvider.BindService(binder, fake.Provider)),
    });
}
