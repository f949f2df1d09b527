using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Provisioning;

/// <summary>What the creation of a server leaves on this machine; the rest is tested by the contract of every engine.</summary>
public sealed class CreationTests
{
    [Fact]
    public async Task Data_without_a_record_are_not_built_over()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await home.KillAsync();
        File.Delete(home.Paths().Record);
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.CreateAsync());
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.True(home.Paths().HasData);
    }

    [Fact]
    public async Task A_first_backup_that_fails_is_told_and_taken_later()
    {
        await using var home = new TestHome();
        var stub = Path.Combine(home.Options.ProgramFolder, "pgfleet");
        var works = await File.ReadAllTextAsync(stub);
        await File.WriteAllTextAsync(stub, "#!/bin/sh\necho the disk is on fire >&2; exit 1\n");
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.CreateAsync());
        Assert.Contains("the disk is on fire", failure.Message);
        await File.WriteAllTextAsync(stub, works);
        Assert.Equal(ServerStatus.Available, (await new LocalEngine(home.Options, TimeProvider.System).CreateAsync(TestHome.Spec(), TestHome.Unhurried())).Status);
    }

    [Fact]
    public async Task Leaves_the_servers_nothing_of_its_own_to_hold()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        var open = Directory.EnumerateFileSystemEntries($"/proc/{home.Pid()}/fd").Select(path => new FileInfo(path).LinkTarget ?? "").ToList();
        Assert.DoesNotContain(open, target => target.Contains("/locks/", StringComparison.Ordinal));
        Assert.Equal($"{home.Pid()}", (await File.ReadAllTextAsync($"/proc/{home.Pid()}/stat")).Split(") ")[1].Split(' ')[3]); // it leads its own session
        Assert.Equal(["HOME", "LC_ALL", "PATH"], EnvironmentOf(home.Pid()!.Value).Except(["DOTNET_ROOT", "PGDATA", "PG_GRANDPARENT_PID"]).Order());
    }

    private static IEnumerable<string> EnvironmentOf(int pid) =>
        File.ReadAllText($"/proc/{pid}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')[0]);
}
