using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Postgres.Sessions;
using PgFleet.Progress;
using PgFleet.Resources.Database;
using PgFleet.Schema.Types;

namespace PgFleet.Tests.Resources.Database;

[Collection(nameof(DatabaseFixture))]
public sealed class DatabasePreflightTests(DatabaseFixture fixture)
{
    private static DatabaseArgs Args => DatabaseFixture.Args with { Name = "planned" };

    [Fact]
    public async Task Nothing_to_say_of_a_plan_that_can_be_carried_out_and_nothing_is_touched()
    {
        var planned = Args with
        {
            Encoding = EncodingName.Parse("utf8"),
            Template = "template0",
            LocaleProvider = "icu",
            IcuLocale = LocaleName.Parse("de"),
            Extensions = new Dictionary<string, ExtensionArgs> { ["citext"] = new() { Version = "1.6" } },
        };

        Assert.Empty(await fixture.PreflightAsync(fixture.Servers(), planned));
        Assert.False(await fixture.ExistsAsync("planned"));
    }

    [Fact]
    [Trait("Requirement", "R1")]
    public async Task A_missing_instance_is_refused_unless_this_run_makes_it()
    {
        var problem = Assert.Single(await fixture.PreflightAsync(fixture.Servers(), Args with { Instance = "new" }));

        Assert.Equal(("instance", true), (problem.Path, problem.Refuses));
        Assert.StartsWith("Instance \"new\" does not exist. Provision it first", problem.Reason.ToString(), StringComparison.Ordinal);
        Assert.Empty(await fixture.PreflightAsync(fixture.Servers(), Args with { Instance = "new" }, plannedInstance: "new"));
    }

    [Theory]
    [InlineData("Stopped", false)]
    [InlineData("Degraded", false)]
    [InlineData("Lost", true)]
    public async Task An_instance_that_is_down_is_not_woken_and_a_lost_one_is_refused(string status, bool refuses)
    {
        var servers = fixture.Servers().With("main", Enum.Parse<ServerStatus>(status));

        var problem = Assert.Single(await fixture.PreflightAsync(servers, Args));

        Assert.Equal(("instance", refuses, 0), (problem.Path, problem.Refuses, servers.Opened));
    }

    [Fact]
    public async Task An_instance_that_cannot_be_reached_is_a_warning()
    {
        var problem = Assert.Single(await new DatabaseHandler(fixture.Servers(), new Unreachable()).PreflightAsync(null, Args, new(CancellationToken.None)));

        Assert.Equal(("instance", false), (problem.Path, problem.Refuses));
        Assert.Contains("Nobody answers.", problem.Reason.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("14.9", "localeProvider")]
    [InlineData("15.2", "icuRules")]
    [InlineData("16.1", "")]
    [InlineData("18beta1", "")]
    public async Task Icu_needs_15_and_its_rules_16(string version, string refused)
    {
        var planned = Args with { LocaleProvider = "icu", IcuLocale = LocaleName.Parse("de"), IcuRules = refused == "localeProvider" ? null : "&a < b" };

        var problems = await fixture.PreflightAsync(fixture.Servers().With("main", version: version), planned);

        Assert.Equal(refused, string.Join(",", problems.Select(problem => problem.Path)));
        Assert.All(problems, problem => Assert.Contains($"instance \"main\" runs {version}", problem.Reason.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_builtin_provider_needs_17()
    {
        var planned = Args with { LocaleProvider = "builtin", BuiltinLocale = LocaleName.Parse("C.UTF-8") };

        Assert.Equal(["localeProvider", "builtinLocale"], (await fixture.PreflightAsync(fixture.Servers().With("main", version: "16.9"), planned)).Select(problem => problem.Path));
        Assert.Empty(await fixture.PreflightAsync(fixture.Servers().With("main", version: "17.0"), planned));
    }

    [Fact]
    public async Task What_another_resource_may_mend_until_then_is_a_warning()
    {
        var problems = await fixture.PreflightAsync(fixture.Servers(), Args with { Owner = "nobody", Template = "no_mould" });

        Assert.Equal([("owner", false), ("template", false)], problems.Select(problem => (problem.Path, problem.Refuses)));
        Assert.Equal("Role \"nobody\" does not exist on instance \"main\": create it first, or name another owner.", problems[0].Reason.ToString());
    }

    [Fact]
    public async Task A_name_that_is_taken_is_refused_unless_its_holder_is_the_one_replaced()
    {
        await fixture.Scratch.ScalarAsync("create database forestalled");
        var planned = Args with { Name = "forestalled" };

        var problem = Assert.Single(await fixture.PreflightAsync(fixture.Servers(), planned));

        Assert.Equal(("name", true), (problem.Path, problem.Refuses));
        Assert.Equal(
            "Database \"forestalled\" exists already on instance \"main\". If it is the one meant, run: pulumi import pgfleet:index:Database forestalled main/forestalled. Otherwise choose another name.",
            problem.Reason.ToString());
        Assert.Empty(await DatabaseFixture.Handler(fixture.Servers()).PreflightAsync(null, planned, new(CancellationToken.None) { DeletedFirst = "main/forestalled" }));
    }

    [Fact]
    public async Task What_nothing_can_mend_is_refused_all_at_once()
    {
        var problems = await fixture.PreflightAsync(fixture.Servers(), Args with
        {
            Extensions = new Dictionary<string, ExtensionArgs> { ["postgis_of_mars"] = new(), ["cube"] = new() { Version = "99" } },
        });

        Assert.Equal(["extensions[\"cube\"].version", "extensions[\"postgis_of_mars\"]"], problems.Select(problem => problem.Path).Order());
        Assert.All(problems, problem => Assert.True(problem.Refuses));
        Assert.Contains(problems, problem => problem.Reason.ToString() == "\"99\" is not available: write one of 1.2, 1.3, 1.4, 1.5, or leave it out.");
    }

    [Fact]
    public async Task An_update_is_not_told_that_its_own_name_is_taken()
    {
        var state = await fixture.CreateAsync(Args with { Name = "own_name" });

        Assert.Empty(await fixture.PreflightAsync(fixture.Servers(), state.Args with { ConnectionLimit = 2 }, state));
    }

    /// <summary>Access to servers that do not answer.</summary>
    private sealed class Unreachable : IAdministratorAccess
    {
        public Task<Admin> OpenAsync(string name, string database, CancellationToken cancel) =>
            throw new ResourceFailure(FailureKind.Unavailable, "Nobody answers.", "Try again.");
    }
}
