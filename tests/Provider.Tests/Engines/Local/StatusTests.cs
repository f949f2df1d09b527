using PgFleet.Engines;
using PgFleet.Engines.Local.Configuration;
using PgFleet.Engines.Local.Instances;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local;

public sealed class StatusTests
{
    [Fact]
    [Trait("Requirement", "R12")]
    public async Task Tells_a_stopped_server_and_who_stopped_it()
    {
        await using var home = new TestHome();
        var made = await home.CreateAsync();
        await home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        var server = await FindAsync(home);
        Assert.Equal((ServerStatus.Stopped, "a person stopped it"), (server.Status, server.Reason?.ToString()));
        Assert.Equal(made.CaCertificate, server.CaCertificate);
        Assert.Equal(made.CreatedAt, server.CreatedAt);
    }

    [Fact]
    public async Task A_server_that_a_person_stopped_is_started_by_nobody_else()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.AskAdminAsync("select 1"));
        Assert.Contains("pgfleet start main", failure.Message);
        await home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
        Assert.Equal(1, await home.AskAdminAsync("select 1"));
    }

    [Fact]
    public async Task A_server_that_stopped_by_itself_is_started_by_its_use()
    {
        await using var home = new TestHome();
        var made = await home.CreateAsync();
        await home.KillAsync();
        Assert.Equal(ServerStatus.Stopped, (await FindAsync(home)).Status);
        Assert.Null(home.Pid()); // a read starts nothing
        Assert.Equal(1, await home.AskAdminAsync("select 1"));
        Assert.Equal((ServerStatus.Available, made.Spec.Placement.Port), ((await FindAsync(home)).Status, (await FindAsync(home)).Spec.Placement.Port));
    }

    [Fact]
    public async Task A_change_starts_a_stopped_server()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        Assert.Equal(ServerStatus.Available, (await home.ApplyAsync(TestHome.Spec())).Status);
    }

    [Fact]
    public async Task A_server_without_its_data_is_lost_and_nothing_is_made_in_their_place()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await home.KillAsync();
        home.LoseData();
        Assert.Equal(ServerStatus.Lost, (await FindAsync(home)).Status);
        foreach (var attempt in (Func<Task>[])[() => home.ApplyAsync(TestHome.Spec()), () => home.AskAdminAsync("select 1"), () => home.Engine.StartAsync("main", byUser: true, CancellationToken.None)])
        {
            Assert.Contains("RestoredInstance", (await Assert.ThrowsAsync<ResourceFailure>(attempt)).Message);
        }
        Assert.False(Directory.Exists(home.Paths().Data));
        Assert.True(File.Exists(Path.Combine(home.Paths().Archive, "identity.json")));
    }

    [Fact]
    public async Task A_server_that_cannot_archive_is_degraded()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        Directory.Delete(Path.Combine(home.Paths().Archive, "wal"), recursive: true);
        await home.AskAdminAsync("select pg_switch_wal() from (select pg_current_xact_id()) as work");
        await Eventually.TrueAsync(async () => (await FindAsync(home)).Status == ServerStatus.Degraded, "it is degraded");
        Assert.Contains("could not archive", (await FindAsync(home)).Reason?.ToString());
    }

    [Fact]
    public async Task A_pid_file_that_names_another_server_does_not_keep_one_from_starting()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await home.CreateAsync(TestHome.Spec("other"));
        await home.KillAsync();
        var pidFile = Path.Combine(home.Paths().Data, "postmaster.pid");
        var lines = await File.ReadAllLinesAsync(pidFile);
        await File.WriteAllLinesAsync(pidFile, [$"{home.Pid("other")}", .. lines[1..]]);
        Assert.Equal(ServerStatus.Stopped, (await FindAsync(home)).Status);
        Assert.Equal("main", await home.AskAdminAsync("select current_setting('cluster_name')"));
        Assert.NotNull(home.Pid("other"));
    }

    [Fact]
    public async Task A_lock_file_of_the_socket_that_names_another_server_does_not_keep_one_from_starting()
    {
        await using var home = new TestHome();
        var made = await home.CreateAsync();
        await home.CreateAsync(TestHome.Spec("other"));
        await home.KillAsync();
        foreach (var file in (string[])[Path.Combine(home.Paths().Data, "postmaster.pid"), Path.Combine(home.Paths().Socket, $".s.PGSQL.{made.Spec.Placement.Port}.lock")])
        {
            var lines = await File.ReadAllLinesAsync(file);
            await File.WriteAllLinesAsync(file, [$"{home.Pid("other")}", .. lines[1..]]);
        }
        Assert.Equal("main", await home.AskAdminAsync("select current_setting('cluster_name')"));
        Assert.NotNull(home.Pid("other"));
    }

    [Fact]
    public async Task What_ALTER_SYSTEM_says_of_archiving_has_no_effect()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await home.AskAdminAsync("alter system set archive_command = '/bin/true'");
        await home.AskAdminAsync("select pg_reload_conf()");
        await home.AskAdminAsync("select pg_sleep(0.5)");
        Assert.Equal(ServerConfiguration.ArchiveCommand(home.Paths()), await home.AskAdminAsync("select current_setting('archive_command')"));
        Assert.Equal(ServerStatus.Available, (await FindAsync(home)).Status);
    }

    [Fact]
    public async Task A_server_whose_archive_timeout_was_changed_by_hand_is_degraded_and_a_change_takes_it_back()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await home.AskAdminAsync("alter system set archive_timeout = 0");
        await home.AskAdminAsync("select pg_reload_conf()");
        await Eventually.TrueAsync(async () => (await FindAsync(home)).Status == ServerStatus.Degraded, "it is degraded");
        Assert.Contains("somebody has set archive_timeout to \"0 s\"", (await FindAsync(home)).Reason?.ToString(), StringComparison.Ordinal);
        Assert.Equal(ServerStatus.Available, (await home.ApplyAsync(TestHome.Spec())).Status);
    }

    [Fact]
    public async Task A_program_that_archives_and_is_gone_is_a_failure_that_is_counted()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        Directory.Move(Path.Combine(home.Folder, "bin"), Path.Combine(home.Folder, "bin.x"));
        await home.AskAdminAsync("select pg_switch_wal() from (select pg_current_xact_id()) as work");
        await Eventually.TrueAsync(async () => (await FindAsync(home)).Status == ServerStatus.Degraded, "it is degraded");
        Assert.Contains("could not archive", (await FindAsync(home)).Reason?.ToString(), StringComparison.Ordinal);
        Directory.Move(Path.Combine(home.Folder, "bin.x"), Path.Combine(home.Folder, "bin"));
        await Eventually.TrueAsync(async () => (await FindAsync(home)).Status == ServerStatus.Available, "it archives again");
    }

    [Fact]
    public async Task A_server_archives_within_its_timeout_after_every_start()
    {
        await using var home = new TestHome();
        await home.CreateAsync(TestHome.Spec() with { Backup = TestHome.Spec().Backup with { ArchiveTimeout = TimeSpan.FromSeconds(1) } });
        await home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        await home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
        await ArchivesAsync(home, "a stop and a start");
        await home.KillAsync();
        await home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
        await ArchivesAsync(home, "a crash");
    }

    [Fact]
    public async Task A_complaint_of_the_backups_shows_in_the_status()
    {
        await using var home = new TestHome();
        await home.CreateAsync();
        await File.WriteAllTextAsync(Path.Combine(home.Paths().Archive, "complaint"), "its base backup of yesterday failed\n");
        Assert.Equal((ServerStatus.Degraded, "its base backup of yesterday failed"), ((await FindAsync(home)).Status, (await FindAsync(home)).Reason?.ToString()));
    }

    /// <summary>Tests that the server archives long before its first checkpoint, five minutes after a start.</summary>
    private static async Task ArchivesAsync(TestHome home, string after)
    {
        await home.AskAdminAsync("create table if not exists public.work (i int)");
        await home.AskAdminAsync("insert into public.work values (1)");
        var segment = (string)(await home.AskAdminAsync("select pg_walfile_name(pg_current_wal_lsn())"))!;
        await Eventually.TrueAsync(() => File.Exists(Path.Combine(home.Paths().Archive, "wal", segment)), $"{segment} is archived after {after}");
    }

    [Fact]
    public async Task A_server_that_could_not_listen_everywhere_is_degraded_and_a_change_restarts_it()
    {
        await using var home = new TestHome();
        var made = await home.CreateAsync();
        new Registry(new(home.Folder)).Write(home.Record()! with { ListenAddresses = ["127.0.0.1", "127.0.0.3"] }); // as if its network was down when it started
        Assert.Equal((ServerStatus.Degraded, $"it does not listen on 127.0.0.3, port {made.Spec.Placement.Port}"), ((await FindAsync(home)).Status, (await FindAsync(home)).Reason?.ToString()));
        var healed = await home.ApplyAsync(TestHome.Spec() with { Placement = new() { ListenAddresses = ["127.0.0.1", "127.0.0.3"] } });
        Assert.Equal(ServerStatus.Available, healed.Status);
    }

    [Fact]
    public async Task A_port_that_was_taken_meanwhile_is_named_with_its_holder()
    {
        await using var home = new TestHome();
        var port = (await home.CreateAsync()).Spec.Placement.Port!.Value;
        await home.KillAsync();
        using var thief = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, port);
        thief.Start();
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.AskAdminAsync("select 1"));
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Contains($"{port}", failure.Message);
        Assert.Contains($"process {Environment.ProcessId} (", failure.Message);
        Assert.Null(home.Pid());
    }

    private static async Task<ManagedServer> FindAsync(TestHome home) => (await home.Engine.FindAsync("main", CancellationToken.None))!;
}
