using System.Text.Json;
using System.Text.Json.Nodes;
using PgFleet.Engines.Local;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Platform;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Tests.Fleet;

/// <summary>The content of a home, and who may read it. Needs no server.</summary>
public sealed class HomeTests
{
    [Fact]
    public async Task Any_number_that_ask_at_once_get_the_same_identity()
    {
        await using var home = new TestHome();
        var identities = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => new FleetIdentity(new(home.Folder)).Ensure())));
        var identity = Assert.Single(identities.Distinct());
        Assert.Matches($"^[0-9a-f]{{32}}@{Environment.MachineName}:{home.Folder}$", identity);
        Assert.Equal([$"{home.Folder}/fleet.json"], Directory.EnumerateFiles(home.Folder)); // the other processes left nothing behind
    }

    [Fact]
    public async Task Another_home_has_another_identity()
    {
        await using var one = new TestHome();
        await using var other = new TestHome();
        Assert.NotEqual(new FleetIdentity(new(one.Folder)).Ensure(), new FleetIdentity(new(other.Folder)).Ensure());
    }

    [Fact]
    public async Task A_record_of_a_newer_format_is_refused_by_name()
    {
        await using var home = new TestHome();
        Directory.CreateDirectory(home.Paths().Folder);
        await File.WriteAllTextAsync(home.Paths().Record, """{"format": 3, "whatever": true}""");
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.FindAsync("main", CancellationToken.None));
        Assert.Equal($"\"{home.Paths().Record}\" has format 3, and this pgfleet reads up to 2. Use the newer pgfleet that wrote it.", failure.Message);
    }

    [Fact]
    public async Task A_record_of_the_first_format_is_read()
    {
        await using var home = new TestHome();
        Directory.CreateDirectory(home.Paths().Folder);
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Engines/Local/record-1.json"), home.Paths().Record);
        var record = home.Record()!;
        Assert.Equal(("main", RecordState.Available, 23456, "64MB"), (record.Name, record.State, record.Port, record.Parameters["work_mem"]));
        Assert.Equal((TimeSpan.FromDays(1), TimeSpan.FromDays(1), TimeSpan.FromMinutes(1), (string?)null), (record.Backup.Retention, record.Backup.Interval, record.Backup.ArchiveTimeout, record.Backup.Directory));
        Assert.Equal((ServerRecord.CurrentFormat, record.InstanceId), (record.Format, record.Identity));
        var before = JsonNode.Parse(await File.ReadAllTextAsync(home.Paths().Record))!.AsObject();
        var after = JsonSerializer.SerializeToNode(record, LocalJson.Default.ServerRecord)!.AsObject();
        Assert.All(before.Where(property => property.Key is not ("format" or "backup")), property => Assert.True(JsonNode.DeepEquals(property.Value, after[property.Key]), property.Key));
    }

    [Theory]
    [InlineData("../main")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("Main")]
    public async Task What_is_no_name_is_no_server_and_touches_no_file(string name)
    {
        await using var home = new TestHome();
        Assert.Null(await home.Engine.FindAsync(name, CancellationToken.None));
        await home.Engine.DeleteAsync(name, TestHome.Unhurried());
        await Assert.ThrowsAsync<ResourceFailure>(() => home.CreateAsync(TestHome.Spec(name)));
        Assert.False(Directory.Exists(home.Folder));
    }

    [Fact]
    public async Task A_lock_is_one_holders_and_others_wait_for_it()
    {
        await using var home = new TestHome();
        var time = new FakeTime();
        var locks = new Locks(new(home.Folder), time);
        var first = await locks.TakeAsync("main", "created", CancellationToken.None);
        Assert.Empty(time.Waiting);
        var second = locks.TakeAsync("main", "deleted", CancellationToken.None);
        await WaitsAsync();
        first.Dispose();
        Assert.False(second.IsCompleted);
        time.Pass(Poll.LockInterval);
        (await second).Dispose();

        async Task WaitsAsync()
        {
            // Each failed attempt to take the lock is followed by a pause.
            for (var looks = 0; looks < 3; looks++)
            {
                await Eventually.TrueAsync(() => time.Waiting.Count == 1, "the second waits");
                Assert.Equal(Poll.LockInterval, Assert.Single(time.Waiting));
                time.Pass(Poll.LockInterval);
            }
            await Eventually.TrueAsync(() => time.Waiting.Count == 1, "the second still waits");
        }
    }

    [Fact]
    public async Task A_lock_that_stays_taken_names_what_its_holder_does()
    {
        await using var home = new TestHome();
        var time = new FakeTime();
        var locks = new Locks(new(home.Folder), time);
        using var held = await locks.TakeAsync("main", "restarted", CancellationToken.None);
        var waiting = locks.TakeAsync("main", "deleted", CancellationToken.None);
        time.Pass(TimeSpan.FromHours(1));
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => waiting);
        Assert.Equal(FailureKind.TimedOut, failure.Kind);
        Assert.Contains($"is still being restarted by process {Environment.ProcessId}", failure.Message);
    }

    [Fact]
    public async Task Nobody_else_looks_into_a_home()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        Assert.Equal("711 711 600 600 600 750 640 640 700 700 700 755", await ModesAsync(
            home.Folder, home.Paths().Folder, home.Paths().Record, home.Paths().AuthorityKey, $"{home.Folder}/fleet.json",
            home.Paths().Conf, $"{home.Paths().Conf}/pg_hba.conf", $"{home.Paths().Conf}/server.key",
            home.Paths().Data, home.Paths().Socket, home.Paths().Archive, $"{home.Folder}/bin"));
    }

    [Fact]
    public async Task A_home_may_be_reached_by_a_link()
    {
        await using var home = new TestHome();
        var link = $"{home.Folder}-link";
        Directory.CreateDirectory(home.Folder, Modes.Passage);
        File.CreateSymbolicLink(link, home.Folder);
        try
        {
            var engine = new LocalEngine(home.Options with { Home = link }, TimeProvider.System);
            await engine.CreateAsync(TestHome.Spec(), TestHome.Unhurried());
            Assert.Equal(PgFleet.Engines.ServerStatus.Available, (await engine.FindAsync("main", CancellationToken.None))!.Status);
        }
        finally
        {
            File.Delete(link);
        }
    }

    private static async Task<string> ModesAsync(string home, params string[] paths)
    {
        await Task.Run(() => new FleetIdentity(new(home)).Ensure());
        return string.Join(' ', paths.Prepend(home).Select(path => Convert.ToString((int)File.GetUnixFileMode(path), 8)));
    }
}
