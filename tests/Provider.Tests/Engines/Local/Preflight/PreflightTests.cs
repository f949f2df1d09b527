using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Preflight;

public sealed class PreflightTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private static readonly string NotInstalled = ScratchServer.Major == 18 ? "14" : "18";

    [Fact]
    public async Task Finds_nothing_wrong_with_a_new_server_and_makes_nothing()
    {
        await using var home = new TestHome();
        Assert.Empty(await CheckAsync(home, TestHome.Spec()));
        Assert.False(Directory.Exists(home.Folder));
    }

    [Fact]
    public async Task Finds_nothing_wrong_with_a_server_as_it_is_and_is_quick()
    {
        var clock = Stopwatch.StartNew();
        Assert.Empty(await CheckAsync(shared.Home, shared.Server.Spec, shared.Server));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20)); // 2 s on an idle machine
    }

    [Fact]
    public async Task Names_the_command_that_takes_over_a_server_of_that_name() =>
        Assert.Contains("pulumi import pgfleet:index:DatabaseInstance main main", Reason("name", await CheckAsync(shared.Home, TestHome.Spec())));

    [Fact]
    public async Task Names_the_holder_of_a_port()
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var reason = Reason("port", await CheckAsync(shared.Home, TestHome.Spec("new") with { Placement = new() { Port = ((IPEndPoint)holder.LocalEndpoint).Port } }));
        Assert.Contains($"process {Environment.ProcessId} (", reason);
    }

    [Fact]
    public async Task Only_warns_of_a_port_that_another_server_of_the_fleet_may_give_up()
    {
        var problem = Assert.Single(await CheckAsync(shared.Home, TestHome.Spec("new") with { Placement = new() { Port = shared.Server.Spec.Placement.Port } }));
        Assert.Equal(("port", false), (problem.Path, problem.Refuses));
        Assert.Contains("\"main\"", problem.Reason.ToString());
    }

    [Fact]
    public async Task Says_what_was_found_when_a_version_is_not_installed()
    {
        var reason = Reason("postgresVersion", await CheckAsync(shared.Home, TestHome.Spec("new") with { PostgresVersion = NotInstalled }));
        Assert.Contains($"PostgreSQL {NotInstalled} is not installed", reason);
        Assert.Contains(ScratchServer.BinDirectory, reason);
    }

    [Fact]
    public async Task Refuses_another_major_version_for_a_server_that_exists()
    {
        var problems = await CheckAsync(shared.Home, shared.Server.Spec with { PostgresVersion = NotInstalled }, shared.Server);
        Assert.Contains("pg_dump", Reason("postgresVersion", problems));
    }

    [Fact]
    public async Task Names_RestoredInstance_for_a_server_that_lost_its_data() =>
        Assert.Contains("RestoredInstance", Reason("", await CheckAsync(shared.Home, shared.Server.Spec, shared.Server with { Status = ServerStatus.Lost })));

    [Fact]
    public async Task Refuses_a_home_whose_sockets_would_have_too_long_a_path()
    {
        await using var home = new TestHome();
        var engine = new LocalEngine(home.Options with { Home = $"{home.Folder}/{new string('x', 80)}" }, TimeProvider.System);
        Assert.Contains("107", Reason("", await engine.PreflightAsync(null, TestHome.Spec(), CancellationToken.None)));
    }

    [Fact]
    public async Task Refuses_a_home_that_the_servers_cannot_reach()
    {
        await using var home = new TestHome();
        Directory.CreateDirectory(home.Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        Assert.Contains("cannot be reached by \"postgres\"", Reason("", await CheckAsync(home, TestHome.Spec())));
    }

    [Fact]
    public async Task Refuses_a_service_user_that_does_not_exist()
    {
        await using var home = new TestHome();
        var engine = new LocalEngine(home.Options with { ServiceUser = "nobody-here" }, TimeProvider.System);
        Assert.Contains("useradd --system nobody-here", Reason("", await engine.PreflightAsync(null, TestHome.Spec(), CancellationToken.None)));
    }

    [Theory]
    [InlineData("203.0.113.7")]
    [InlineData("no-such-host.invalid")]
    public async Task Refuses_an_address_that_is_not_this_machines(string address) =>
        Assert.Contains(address, Reason("listenAddresses[1]", await CheckAsync(shared.Home, TestHome.Spec("new") with { Placement = new() { ListenAddresses = ["127.0.0.1", address] } })));

    [Theory]
    [InlineData("*")]
    [InlineData("0.0.0.0")]
    [InlineData("localhost")]
    [InlineData("::1")]
    public async Task Takes_every_way_to_write_an_address_of_this_machine(string address) =>
        Assert.Empty(await CheckAsync(shared.Home, TestHome.Spec("new") with { Placement = new() { ListenAddresses = [address] } }));

    [Theory]
    [InlineData("10.0.0.0")]
    [InlineData("10.0.0.0/33")]
    [InlineData("all")]
    [InlineData("10.0.0.0/8 trust\nhost all all all")]
    public async Task Refuses_what_is_no_network(string network) =>
        Assert.Contains("such as 10.0.0.0/8", Reason("clientNetworks[1]", await CheckAsync(shared.Home, TestHome.Spec("new") with { Placement = new() { ClientNetworks = ["fd00::/8", network] } })));

    [Fact]
    public async Task Refuses_a_backup_directory_that_the_servers_cannot_write() =>
        Assert.Contains("\"/root\"", Reason("backup.directory", await CheckAsync(shared.Home, TestHome.Spec("new") with { Placement = new() { ArchiveDirectory = "/root" } })));

    [Theory]
    [InlineData("work_mem", "much", "invalid value for parameter")]
    [InlineData("work_mem", "1kB", "outside the valid range")]
    [InlineData("no_such_parameter", "1", "unrecognized configuration parameter")]
    [InlineData("archive_command", "false", "managed by pgfleet")]
    [InlineData("Port", "1", "property port")]
    [InlineData("ssl_min_protocol_version", "TLSv1", "managed by pgfleet")]
    [InlineData("work_mem = '1MB'\nfsync", "off", "no parameter's name")]
    [InlineData("application_name", "two\nlines", "line break")]
    public async Task Refuses_a_parameter_in_the_servers_own_words(string name, string value, string words) =>
        Assert.Contains(words, Reason($"parameters[\"{name}\"]", await CheckAsync(shared.Home, Parameters((name, value), ("random_page_cost", "2")))));

    [Fact]
    public async Task Refuses_every_wrong_parameter_at_once() =>
        Assert.Equal(
            ["parameters[\"archive_mode\"]", "parameters[\"nonsense\"]", "parameters[\"work_mem\"]"],
            (await CheckAsync(shared.Home, Parameters(("work_mem", "much"), ("nonsense", "1"), ("archive_mode", "off"), ("jit", "off")))).Select(problem => problem.Path).Order());

    [Fact]
    public async Task Takes_the_parameters_of_extensions() =>
        Assert.Empty(await CheckAsync(shared.Home, Parameters(("pg_stat_statements.max", "5000"), ("shared_preload_libraries", "pg_stat_statements"))));

    private static ServerSpec Parameters(params (string Name, string Value)[] parameters) =>
        TestHome.Spec("new") with { Parameters = parameters.ToImmutableSortedDictionary(pair => pair.Name, pair => pair.Value) };

    private static async Task<IReadOnlyList<Problem>> CheckAsync(TestHome home, ServerSpec spec, ManagedServer? prior = null) =>
        await home.Engine.PreflightAsync(prior, spec, CancellationToken.None);

    private static string Reason(string path, IReadOnlyList<Problem> problems)
    {
        var problem = Assert.Single(problems, one => one.Path == path);
        Assert.True(problem.Refuses);
        return problem.Reason.ToString();
    }
}
