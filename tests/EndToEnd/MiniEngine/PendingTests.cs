using Grpc.Core;
using MiniEngine;
using Pulumirpc;
using static Pulumirpc.DiffResponse.Types;

namespace PgFleet.EndToEnd.MiniEngine;

/// <summary>What an interrupted replacement leaves in the state, and how the next run handles it (protocol 4.2.5).</summary>
public sealed class PendingTests
{
    private static string Pair(int number, string options = "{}") => $$"""
        resources:
          a: { type: "fake:Thing", properties: { fixed: {{number}}, deleteFirst: true }, options: {{options}} }
          b: { type: "fake:Thing", properties: { fixedTo: "${a.id}" } }
        """;

    private static async Task<FakeStack> InterruptedAsync()
    {
        var fake = await FakeStack.StartAsync(Pair(1));
        await fake.UpAsync();
        fake.Write(Pair(2));
        fake.Provider.OnCreate = request => request.Preview ? Task.FromResult(new CreateResponse()) : throw new RpcException(new(StatusCode.Unavailable, "no room"));
        var (failed, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.Equal(["Check a (olds)", "Diff a", "Check a", "Diff b", "Delete b", "Delete a", "Create a"], wire);
        Assert.True(failed["a"].PendingReplacement);
        Assert.True(failed["b"].PendingReplacement);
        Assert.Empty(fake.Provider.World);
        fake.Provider.OnCreate = null;
        return fake;
    }

    [Fact]
    public async Task What_was_deleted_first_is_diffed_and_its_dependants_are_deleted_again()
    {
        await using var fake = await InterruptedAsync();
        var (up, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.True(up.Succeeded, string.Join("\n", up.Errors));
        Assert.Equal(["Check a (olds)", "Diff a", "Check a", "Diff b", "Delete b", "Create a", "Check b", "Create b"], wire);
        Assert.Equal(2, fake.Provider.World.Count);
        Assert.All(up.Resources, resource => Assert.False(resource.PendingReplacement));
    }

    [Fact]
    public async Task Without_deleteBeforeReplace_the_old_id_is_deleted_after_the_creation()
    {
        await using var fake = await InterruptedAsync();
        fake.Provider.OnDiff = request => new() { Changes = DiffChanges.DiffNone };
        fake.Write(Pair(1));
        var (up, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.True(up.Succeeded, string.Join("\n", up.Errors));
        Assert.Equal(
            ["Check a (olds)", "Diff a", "Check a", "Create a", "Check b (olds)", "Diff b", "Check b", "Create b", "Delete b", "Delete a"],
            wire);
        Assert.All(up.Resources, resource => Assert.False(resource.PendingReplacement || resource.AboutToBeDeleted));
    }

    [Fact]
    public async Task DeleteBeforeReplace_counts_with_no_changes_too()
    {
        await using var fake = await InterruptedAsync();
        fake.Provider.OnDiff = request => new() { Changes = DiffChanges.DiffNone, DeleteBeforeReplace = true };
        fake.Write(Pair(1));
        var (_, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.Equal(["Check a (olds)", "Diff a", "Check a", "Diff b", "Create a", "Check b (olds)", "Diff b", "Check b", "Create b"], wire);
    }

    [Fact]
    public async Task What_left_the_program_meanwhile_is_forgotten_unasked()
    {
        await using var fake = await InterruptedAsync();
        fake.Write("resources: { c: { type: \"fake:Thing\" } }");
        var (up, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.Equal(["Check c", "Create c"], wire);
        Assert.Equal(["c", "default"], up.Resources.Select(resource => resource.Name).Order());
    }

    [Fact]
    public async Task What_could_not_be_deleted_after_its_replacement_is_deleted_by_the_next_run_and_read_by_a_refresh()
    {
        await using var fake = await FakeStack.StartAsync(Pair(1, "{ deleteBeforeReplace: false }"));
        await fake.UpAsync();
        fake.Write(Pair(2, "{ deleteBeforeReplace: false }"));
        fake.Provider.OnDelete = request => request.Id == "a-1" ? throw new RpcException(new(StatusCode.Unavailable, "not now")) : Task.CompletedTask;
        var (failed, wire) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.Equal(["Create a", "Create b", "Delete b", "Delete a"], wire.Where(call => !call.StartsWith("Check") && !call.StartsWith("Diff")));
        Assert.Equal(["a-1"], failed.Resources.Where(resource => resource.AboutToBeDeleted).Select(resource => resource.Id));

        var (_, reads) = await fake.RunAsync(stack => stack.RefreshAsync());
        Assert.Equal(2, reads.Count(call => call == "Read a"));

        fake.Provider.OnDelete = null;
        var (up, again) = await fake.RunAsync(stack => stack.UpAsync());
        Assert.Equal("Delete a", again.Last());
        Assert.DoesNotContain(up.Resources, resource => resource.AboutToBeDeleted);
        Assert.DoesNotContain("a-1", fake.Provider.World.Keys);
    }

    [Fact]
    public async Task A_preview_asks_what_the_update_would_ask_and_deletes_nothing()
    {
        await using var fake = await FakeStack.StartAsync(Pair(1));
        await fake.UpAsync();
        fake.Write(Pair(2));
        var (preview, wire) = await fake.RunAsync(stack => stack.PreviewAsync());
        Assert.Equal(["Check a (olds)", "Diff a", "Check a", "Diff b", "(Create a)", "Check b", "(Create b)"], wire);
        Assert.Equal([Op.DeleteReplaced, Op.CreateReplacement], preview.StepsOf("b"));
        Assert.Equal(2, fake.Provider.World.Count);
    }
}
