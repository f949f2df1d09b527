namespace PgFleet.Tests.Engines.Local;

public sealed class BootUnitTests
{
    [Fact]
    public async Task Starts_and_stops_the_servers_of_its_home()
    {
        await using var home = new TestHome();
        Assert.Matches($"ExecStart={home.Folder}/bin/[0-9a-f]{{16}}/pgfleet start --all --for-machine --home {home.Folder}\n", home.Engine.Boot.Text);
        Assert.Matches($"ExecStop={home.Folder}/bin/[0-9a-f]{{16}}/pgfleet stop --all --for-machine --home {home.Folder}\n", home.Engine.Boot.Text);
    }

    [Fact]
    public async Task Gives_the_line_to_put_elsewhere_where_systemd_does_not_run()
    {
        Assert.SkipWhen(Directory.Exists("/run/systemd/system"), "systemd runs here: the test must not install a unit.");
        await using var home = new TestHome();
        var line = await home.Engine.Boot.InstallAsync(CancellationToken.None);
        Assert.StartsWith($"@reboot {home.Folder}/bin/", line);
        Assert.True(File.Exists(line!.Split(' ')[1]));
        await home.Engine.Boot.RemoveAsync(CancellationToken.None);
    }
}
