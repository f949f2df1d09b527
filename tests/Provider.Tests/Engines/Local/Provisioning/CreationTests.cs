using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Tests.Engines.Local.Provisioning;

/// <summary>Making a server, and making it again after the first attempt died.</summary>
public sealed class CreationTests
{
    /// <summary>Counts the steps of one creation, so that the test below can die at each.</summary>
    private const int Steps = 7;

    public static TheoryData<int> EveryStep => [.. Enumerable.Range(1, Steps)];

    [Theory]
    [MemberData(nameof(EveryStep))]
    public async Task Goes_on_from_wherever_it_died(int step)
    {
        await using var home = new TestHome();
        var death = new DiesAt(step);
        await Assert.ThrowsAsync<Died>(() => home.Engine.CreateAsync(TestHome.Spec(), new(CancellationToken.None, death)));
        var port = home.Record()!.Port;
        var server = await new LocalEngine(home.Options, TimeProvider.System).CreateAsync(TestHome.Spec(), TestHome.Unhurried());
        Assert.Equal(ServerStatus.Available, server.Status);
        Assert.Equal(port, server.Spec.Port);
        Assert.Equal(1, await TestHome.AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task Has_as_many_steps_as_the_test_above_dies_at()
    {
        await using var home = new TestHome();
        var steps = new DiesAt(int.MaxValue);
        await home.Engine.CreateAsync(TestHome.Spec(), new(CancellationToken.None, steps));
        Assert.Equal(Steps, steps.Names.Distinct().Count());
    }

    [Fact]
    public async Task An_unfinished_server_is_listed_as_such()
    {
        await using var home = new TestHome();
        await Assert.ThrowsAsync<Died>(() => home.Engine.CreateAsync(TestHome.Spec(), new(CancellationToken.None, new DiesAt(1))));
        var server = Assert.Single(await home.Engine.ListAsync(CancellationToken.None).ToListAsync());
        Assert.Equal(ServerStatus.Unfinished, server.Status);
        Assert.Equal(ServerStatus.Unfinished, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task Becomes_what_is_asked_for_when_that_has_changed_meanwhile(int step)
    {
        await using var home = new TestHome();
        await Assert.ThrowsAsync<Died>(() => home.Engine.CreateAsync(TestHome.Spec() with { Urn = "urn:one" }, new(CancellationToken.None, new DiesAt(step))));
        var server = await home.CreateAsync(TestHome.Spec(password: "an0ther-secret") with { Urn = "urn:one", Username = "bob", Parameters = TestHome.Spec().Parameters.Add("work_mem", "9MB") });
        Assert.Equal("bob|9MB", await TestHome.AskAsync(server, "select concat_ws('|', current_user, current_setting('work_mem'))", password: "an0ther-secret"));
    }

    [Fact]
    public async Task Of_two_at_once_one_makes_it_and_the_other_conflicts()
    {
        await using var home = new TestHome();
        var both = await Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
            await Record.ExceptionAsync(() => new LocalEngine(home.Options, TimeProvider.System).CreateAsync(TestHome.Spec(), TestHome.Unhurried()))));
        var failure = Assert.IsType<ResourceFailure>(Assert.Single(both, one => one is not null));
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Contains("pulumi import pgfleet:index:DatabaseInstance main main", failure.Message);
    }

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
        Assert.Equal($"{home.Pid()}", (await File.ReadAllTextAsync($"/proc/{home.Pid()}/stat")).Split(") ")[1].Split(' ')[3]); // leads its own session
        Assert.Equal(["HOME", "LC_ALL", "PATH"], EnvironmentOf(home.Pid()!.Value).Except(["DOTNET_ROOT", "PGDATA", "PG_GRANDPARENT_PID"]).Order());
    }

    private static IEnumerable<string> EnvironmentOf(int pid) =>
        File.ReadAllText($"/proc/{pid}/environ").Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')[0]);

    private sealed class Died : Exception;

    /// <summary>Dies at the n-th different step; an unexpected end at any other place leaves the same behind.</summary>
    private sealed class DiesAt(int step) : IProgress<Step>
    {
        public List<string> Names { get; } = [];

        public void Report(Step value)
        {
            if (!Names.Contains(value.Name))
            {
                Names.Add(value.Name);
            }
            if (Names.Count == step)
            {
                throw new Died();
            }
        }
    }
}
