using PgFleet.Operations;
using PgFleet.Schema;

namespace PgFleet.Tests.Operations;

public sealed class RunMemoryTests
{
    private static readonly ResourceReference Main = new("instance", "main");

    private readonly RunMemory memory = new();

    [Fact]
    public void What_was_made_is_held_whatever_is_planned_of_what_had_its_id_before()
    {
        memory.Make("new", Main);
        memory.Replace("new", Main);
        memory.Replace("old", Main);
        memory.TakeForced("new");
        Assert.Equal("new", memory.HolderOf(Main));
        Assert.False(memory.Leaves(Main));
    }

    [Fact]
    public void What_was_to_be_kept_is_held_until_its_own_plan_replaces_it()
    {
        memory.Keep("one", Main);
        memory.Replace("other", Main);
        Assert.Equal("one", memory.HolderOf(Main));
        memory.Replace("one", Main);
        Assert.Null(memory.HolderOf(Main));
        Assert.True(memory.Leaves(Main));
    }

    [Fact]
    public void What_is_let_go_is_replaced_and_told()
    {
        var state = Map.Empty.With("name", new StringValue(Main.Id));
        memory.Keep("one", Main, state);
        Assert.Equal([(Main.Id, state)], memory.TakeForced("one"));
        Assert.Empty(memory.TakeForced("one"));
        Assert.True(memory.Leaves(Main));
    }

    [Fact]
    public void Of_what_was_deleted_only_the_successor_is_held()
    {
        memory.Replace("one", Main);
        memory.Forget(Main);
        Assert.False(memory.Leaves(Main));
        memory.Make("one", Main);
        Assert.Equal("one", memory.HolderOf(Main));
    }

    [Fact]
    public void A_name_of_another_space_is_another_thing()
    {
        memory.Make("one", Main);
        Assert.Null(memory.HolderOf(Main with { Space = "Application" }));
    }
}
