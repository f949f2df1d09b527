using System.Collections.Immutable;
using Npgsql;
using PgFleet.Archives;
using PgFleet.Engines;
using PgFleet.Engines.Local.Instances;
using PgFleet.Engines.Local.Processes;
using PgFleet.Failures;
using PgFleet.Postgres.Sql;

namespace PgFleet.Tests.Engines.Local.Provisioning;

/// <summary>Changes of a running server.</summary>
public sealed class SettingsTests : IAsyncLifetime
{
    private readonly TestHome home = new();
    private ManagedServer made = null!;

    public async ValueTask InitializeAsync() => made = await home.CreateAsync();

    public ValueTask DisposeAsync() => home.DisposeAsync();

    [Fact]
    [Trait("Requirement", "R10")]
    public async Task A_renamed_user_keeps_its_password_and_what_it_owns()
    {
        await TestHome.AskAsync(made, "create schema mine");
        var server = await home.ApplyAsync(TestHome.Spec(password: null) with { Username = "bob" });
        Assert.Equal("bob", await TestHome.AskAsync(server, "select pg_get_userbyid(nspowner) from pg_namespace where nspname = 'mine'"));
        await Assert.ThrowsAsync<PostgresException>(() => TestHome.AskAsync(server, "select 1", username: "alice"));
        Assert.Equal("bob", (await home.Engine.FindAsync("main", CancellationToken.None))!.Spec.Username);
    }

    [Theory]
    [Trait("Requirement", "R6")]
    [InlineData("plain-ascii\\with$signs")]
    [InlineData("pässwörd-ﬁnal")] // a ligature, which clients decompose
    [InlineData("soft\u00ADhyphen-\u212Bngstrom")]
    public async Task A_password_is_hashed_as_PostgreSQL_hashes_it(string password)
    {
        await home.ApplyAsync(TestHome.Spec(password: password));
        var ours = (string)(await home.AskAdminAsync("select rolpassword from pg_authid where rolname = 'alice'"))!;
        var theirs = (string)(await home.AskAdminAsync($"create role theirs password '{password}'; select rolpassword from pg_authid where rolname = 'theirs'"))!;
        var salt = Convert.FromBase64String(theirs.Split(':', '$')[2]);
        await using var admin = await home.Engine.OpenAsync("main", "postgres", CancellationToken.None);
        Assert.Equal(theirs, ScramVerifier.Make(await PasswordPreparation.PrepareAsync(password, admin.Connection, CancellationToken.None), salt));
        Assert.StartsWith("SCRAM-SHA-256$4096:", ours);
        Assert.NotEqual(theirs, ours);
    }

    [Fact]
    public async Task A_parameter_is_reloaded_and_a_removed_one_is_reset()
    {
        var pid = home.Pid();
        var server = await home.ApplyAsync(With("work_mem", "9MB"));
        Assert.Equal("9MB", await TestHome.AskAsync(server, "show work_mem"));
        server = await home.ApplyAsync(TestHome.Spec());
        Assert.Equal("4MB", await TestHome.AskAsync(server, "show work_mem"));
        Assert.Equal(pid, home.Pid());
    }

    [Fact]
    public async Task A_parameter_that_needs_a_restart_gets_one_also_when_it_is_removed()
    {
        var pid = home.Pid();
        var server = await home.ApplyAsync(With("max_connections", "37"));
        Assert.Equal("37", await TestHome.AskAsync(server, "show max_connections"));
        Assert.NotEqual(pid, home.Pid());
        server = await home.ApplyAsync(TestHome.Spec());
        Assert.Equal("100", await TestHome.AskAsync(server, "show max_connections"));
    }

    [Fact]
    public async Task A_value_is_taken_to_the_letter()
    {
        var server = await home.ApplyAsync(With("my.text", @"it's a \n 'back\slash' # and no comment"));
        Assert.Equal(@"it's a \n 'back\slash' # and no comment", await TestHome.AskAsync(server, "show my.text"));
    }

    [Fact]
    public async Task What_somebody_set_beside_does_not_override_what_is_declared()
    {
        await home.AskAdminAsync("alter system set work_mem = '1MB'");
        await home.AskAdminAsync("alter system set listen_addresses = '*'");
        await home.AskAdminAsync("alter system set archive_command = 'false'");
        var server = await home.ApplyAsync(With("work_mem", "9MB"));
        await home.Engine.StopAsync("main", byUser: false, CancellationToken.None);
        await home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
        Assert.Equal("9MB|127.0.0.1", await TestHome.AskAsync(server, "select concat_ws('|', current_setting('work_mem'), current_setting('listen_addresses'))"));
        Assert.Contains("archive.sh", (string)(await home.AskAdminAsync("show archive_command"))!);
    }

    [Theory]
    [InlineData("shared_preload_libraries", "no_such_library", "no_such_library")] // the server does not start with it
    [InlineData("work_mem", "much", "work_mem")] // the server rejects the file
    public async Task A_parameter_that_the_server_does_not_bear_leaves_everything_as_it_was(string name, string value, string mentioned)
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.ApplyAsync(With(name, value) with { Placement = made.Spec.Placement }));
        Assert.Contains(mentioned, failure.Message);
        var server = await home.Engine.FindAsync("main", CancellationToken.None);
        Assert.Equal(ServerStatus.Available, server!.Status);
        Assert.Empty(server.Spec.Parameters);
        Assert.Equal(1, await TestHome.AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task A_managed_parameter_is_refused()
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.ApplyAsync(With("archive_mode", "off")));
        Assert.Equal(FailureKind.Refused, failure.Kind);
    }

    [Fact]
    public async Task A_changed_port_is_the_port_and_a_taken_one_leaves_the_server_running()
    {
        var other = new Ports(new(new(home.Folder))).Choose([System.Net.IPAddress.Loopback]);
        var server = await home.ApplyAsync(TestHome.Spec() with { Placement = new() { Port = other } });
        Assert.Equal(other, await TestHome.AskAsync(server, "select inet_server_port()"));
        using var thief = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        thief.Start();
        var pid = home.Pid();
        await Assert.ThrowsAsync<ResourceFailure>(() => home.ApplyAsync(TestHome.Spec() with { Placement = new() { Port = ((System.Net.IPEndPoint)thief.LocalEndpoint).Port } }));
        Assert.Equal(pid, home.Pid());
        Assert.Equal(1, await TestHome.AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task A_new_address_is_listened_on_and_named_by_the_certificate_of_the_same_authority()
    {
        var server = await home.ApplyAsync(TestHome.Spec() with { Placement = new() { ListenAddresses = ["127.0.0.2", "127.0.0.1"] } });
        Assert.Equal("127.0.0.2", server.Host);
        Assert.Equal(made.CaCertificate, server.CaCertificate);
        Assert.Equal(1, await TestHome.AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task Who_may_come_in_is_what_the_networks_say()
    {
        var server = await home.ApplyAsync(TestHome.Spec() with { Placement = new() { ClientNetworks = ["10.0.0.0/8"] } });
        await Assert.ThrowsAsync<PostgresException>(() => TestHome.AskAsync(server, "select 1"));
        server = await home.ApplyAsync(TestHome.Spec() with { Placement = new() { ClientNetworks = ["127.0.0.1/32"] } });
        Assert.Equal(1, await TestHome.AskAsync(server, "select 1"));
    }

    [Fact]
    public async Task What_is_kept_of_it_changes_in_place()
    {
        var pid = home.Pid();
        await home.ApplyAsync(TestHome.Spec() with { Backup = new(TimeSpan.FromHours(48), TimeSpan.FromHours(12), TimeSpan.FromSeconds(90)) });
        Assert.Equal("90s", await home.AskAdminAsync("select current_setting('archive_timeout')"));
        var config = ArchiveConfig.Read(home.Paths().ArchiveConfig);
        Assert.Equal((48 * 3600L, 12 * 3600L), (config.RetentionSeconds, config.IntervalSeconds));
        Assert.Equal(pid, home.Pid());
    }

    [Fact]
    public async Task Another_major_version_is_refused_with_the_way_to_it()
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.ApplyAsync(TestHome.Spec() with { PostgresVersion = "99" }));
        Assert.Contains("pg_dump", failure.Message);
    }

    [Fact]
    public async Task A_change_that_died_half_way_is_done_by_the_next()
    {
        var other = new Ports(new(new(home.Folder))).Choose([System.Net.IPAddress.Loopback]);
        var record = home.Record()!;
        await home.ApplyAsync(TestHome.Spec() with { Placement = new() { Port = other } });
        new Registry(new(home.Folder)).Write(record); // as if killed before the record was written
        var server = await home.ApplyAsync(TestHome.Spec() with { Placement = new() { Port = other } });
        Assert.Equal(other, await TestHome.AskAsync(server, "select inet_server_port()"));
    }

    private static ServerSpec With(string name, string value) =>
        TestHome.Spec() with { Parameters = ImmutableSortedDictionary<string, string>.Empty.Add(name, value) };
}
