namespace PgFleet.EndToEnd;

/// <summary>The chapters of docs/recovery-runbook.md about servers that are partly or wholly down, command by command.</summary>
[Trait("Requirement", "R21")]
public sealed class RunbookServerTests
{
    private const string Count = "select count(*) from orders";

    [Fact]
    public async Task A_server_that_was_killed_comes_back_with_every_row()
    {
        await using var night = await Night.BeginAsync();
        await Processes.EndServersAsync(night.Work.Folder);
        await night.FollowAsync("The server is down");
        Assert.Equal("3", await night.QueryAsync(Count));
    }

    [Fact]
    public async Task A_server_whose_data_directory_is_gone_is_restored_and_replaced()
    {
        await using var night = await Night.BeginAsync();
        await night.RunAsync("pgfleet stop main && rm -r $PGFLEET_HOME/instances/main/data && pulumi refresh --yes");
        await night.FollowAsync("Look", "The data directory is gone", "Move over", "Let it go");
        Assert.Equal("3", await night.QueryAsync(Count));
    }

    [Fact]
    public async Task A_server_that_was_deleted_comes_back_under_its_name()
    {
        const string before = "2026-11-22T14:03:10Z";
        await using var night = await Night.BeginAsync();
        await night.FollowAsync("Say that it may go");
        await night.NoteAsync(before);
        await night.RunAsync("pulumi destroy --yes");
        Assert.DoesNotContain("main", await night.RunAsync("pgfleet list"), StringComparison.Ordinal);
        await night.FollowAsync("I deleted the server");
        Assert.Equal("3", await night.QueryAsync(Count));
    }

    [Fact]
    public async Task A_server_whose_disk_was_full_comes_back_once_there_is_room()
    {
        Assert.SkipUnless(SmallDisk.IsPossible, "Only root mounts a small disk.");
        await using var night = new Night();
        await using var disk = await SmallDisk.MountAsync(night.Work.Home, megabytes: 400);
        await night.OpenShopAsync();
        disk.FillUp(megabytesLeft: 0);
        await night.RunAsync("psql -p $(pulumi stack output port) orders -c 'insert into orders select n, n from generate_series(10, 1000000) n'    # refused");
        await night.FollowAsync("The disk is full");
        disk.MakeRoom();
        await night.FollowAsync("Once there is room");
        Assert.Equal("3", await night.QueryAsync(Count));
    }
}
