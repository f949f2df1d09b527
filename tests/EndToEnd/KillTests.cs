using MiniEngine;

namespace PgFleet.EndToEnd;

/// <summary>Providers that are killed, and two that run at once, on one home.</summary>
public sealed class KillTests
{
    [Fact]
    public async Task Killed_while_the_data_are_made_the_next_up_finishes()
    {
        await using var work = new Workplace();
        await KillAsync(work, () => Workplace.Has(Path.Combine(InstanceFolder(work), "building.*")));
        await FinishesAsync(work);
    }

    [Fact]
    public async Task Killed_during_the_first_base_backup_the_next_up_finishes()
    {
        await using var work = new Workplace();
        await KillAsync(work, () => Backups(work).Any(name => name.EndsWith(".tmp", StringComparison.Ordinal)));
        await FinishesAsync(work);
    }

    [Fact]
    public async Task Two_stacks_make_different_servers_on_one_home_at_once()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance(name: "${server}"), "port: ${main.port}");
        var (one, other) = (await OpenAsync(work, "one"), await OpenAsync(work, "two"));
        var results = await Task.WhenAll(one.UpAsync(), other.UpAsync());
        Assert.All(results, result => Workplace.Succeeded(result));
        Assert.Equal(["one_db", "two_db"], results.Select(result => result["main"].Id));
        Assert.Distinct(results.Select(result => (double)result.Outputs["port"]!));
    }

    [Fact]
    public async Task Of_two_stacks_that_make_the_same_server_at_once_one_is_told_that_it_exists()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance());
        var results = await Task.WhenAll(work.Stack.UpAsync(), work.OpenStack("other").UpAsync());
        var refused = Assert.Single(results, result => !result.Succeeded);
        // Reported while the other one was working, or afterwards.
        Assert.Matches("Instance \"main\" (is there, unfinished: urn:pulumi:.* began it|exists already.*pulumi import pgfleet:index:DatabaseInstance main main)", Workplace.Told(refused));
        Assert.Equal("available", (string)results.Single(result => result.Succeeded)["main"].Outputs["status"]!);
    }

    private static async Task<IStack> OpenAsync(Workplace work, string name)
    {
        var stack = work.OpenStack(name);
        await stack.ConfigureAsync("server", $"{name}_db");
        return stack;
    }

    /// <summary>Starts an up, and kills its provider as soon as <paramref name="reached"/> is true.</summary>
    private static async Task KillAsync(Workplace work, Func<bool> reached)
    {
        work.Write(Workplace.Instance() + Workplace.Database("orders"), "uri: ${main.connectionUri}");
        var up = work.Stack.UpAsync();
        while (!reached())
        {
            Assert.False(up.IsCompleted, "The up ended before its provider could be killed.");
            await Task.Delay(1);
        }
        work.Send(Signal.Kill, process => process.StartsWith(Path.Combine(work.Bin, "pulumi-resource-pgfleet"), StringComparison.Ordinal));
        Assert.False((await up).Succeeded);
    }

    private static async Task FinishesAsync(Workplace work)
    {
        var up = await work.UpAsync();
        Assert.Equal("available", (string)up["main"].Outputs["status"]!);
        Assert.Equal(1, await Workplace.ScalarAsync((string)up.Outputs["uri"]!, "select 1"));

        Assert.Equal(["main"], Names(Path.Combine(work.Home, "instances")));
        Assert.Equal(["archive", "ca.key", "conf", "data", "log", "record.json", "socket"], Names(InstanceFolder(work)));
        Assert.Empty(Names(Path.Combine(work.Home, "trash")));
        Assert.Single(Names(Path.Combine(work.Home, "bin")));
        // A backup that outlived its provider counts; an interrupted one is removed.
        Assert.All(Backups(work), name => Assert.DoesNotContain('.', name));
        Assert.Single(work.CommandLines(), process => process.Contains($"-D\0{InstanceFolder(work)}", StringComparison.Ordinal));
        Assert.All((await work.UpAsync()).Steps, step => Assert.Equal(Op.Same, step.Op));

        Workplace.Succeeded(await work.Stack.DestroyAsync());
        Assert.Empty(Names(Path.Combine(work.Home, "instances")));
        Assert.DoesNotContain(work.CommandLines(), process => process.Contains(work.Home, StringComparison.Ordinal));
    }

    private static string InstanceFolder(Workplace work) => Path.Combine(work.Home, "instances", "main");

    private static IEnumerable<string> Backups(Workplace work)
    {
        var folder = Path.Combine(InstanceFolder(work), "archive", "backups");
        return Directory.Exists(folder) ? Names(folder) : [];
    }

    private static string[] Names(string folder) =>
        [.. Directory.EnumerateFileSystemEntries(folder).Select(path => Path.GetFileName(path)).Order(StringComparer.Ordinal)];
}
