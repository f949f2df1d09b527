using CliWrap;

namespace PgFleet.EndToEnd;

/// <summary>What docs/recovery-runbook.md says of a server that is down, in part or whole, command by command.</summary>
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
    public async Task A_server_whose_disk_was_full_comes_back_once_there_is_room()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "Only root mounts a small disk.");
        await using var night = new Night();
        Directory.CreateDirectory(night.Work.Home);
        await Cli.Wrap("mount").WithArguments(["-t", "tmpfs", "-o", "size=400m,mode=711", "tmpfs", night.Work.Home]).ExecuteAsync();
        try
        {
            await night.OpenShopAsync();
            await night.RunAsync("cat /dev/zero >$PGFLEET_HOME/ballast || true");
            await night.RunAsync("psql -p $(pulumi stack output port) orders -c 'insert into orders select n, n from generate_series(10, 1000000) n'    # refused");
            await night.FollowAsync("The disk is full");
            await night.RunAsync("rm $PGFLEET_HOME/ballast");
            await night.FollowAsync("Once there is room");
            Assert.Equal("3", await night.QueryAsync(Count));
        }
        finally
        {
            await Processes.EndServersAsync(night.Work.Folder);
            await Cli.Wrap("umount").WithArguments(["--lazy", night.Work.Home]).ExecuteAsync();
        }
    }
}
