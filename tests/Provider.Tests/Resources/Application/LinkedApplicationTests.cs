using PgFleet.Applications;
using PgFleet.Failures;
using PgFleet.Fleet;
using PgFleet.Tests.Engines.Linked;

namespace PgFleet.Tests.Resources.Application;

/// <summary>Applications on a linked server, whose administrator is not a superuser unless a test says so.</summary>
public sealed class LinkedApplicationTests(HostedServers hosted) : IClassFixture<HostedServers>
{
    private const string Table = "psql -qc 'create table if not exists made ()'";

    public static TheoryData<string> Servers => new(HostedServer.Kinds);

    [Theory, MemberData(nameof(Servers))]
    [Trait("Requirement", "R13")]
    public async Task Where_the_database_is_the_administrator_s_own_the_commands_run_as_the_administrator_and_tell_no_password(string kind)
    {
        await using var home = new LinkHome();
        var server = await hosted.OfAsync(kind);
        await home.LinkAsync(server.Link());
        using var app = App(home, Table, "echo \"as $PGUSER with $PGPASSWORD to $DBOS_DATABASE_URL\" && exit 3");
        Assert.Empty(await app.PreflightAsync());

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync());
        Assert.Contains($"as {HostedServer.Admin} with [secret] to postgresql://{HostedServer.Admin}:[secret]@127.0.0.1:{server.Port}/{app.Database}?sslmode=verify-full", failure.Message, StringComparison.Ordinal);
        Assert.Contains("To bring back the state before the first command is up to whoever runs the server; it is that of \"20", failure.Message, StringComparison.Ordinal);
        app.Migrate(Table);
        await app.DeployAsync();

        Assert.Equal(HostedServer.Admin, await server.AskAsync("select tableowner::text from pg_tables where tablename = 'made'", app.Database));
        Assert.Equal(HostedServer.Admin, await server.AskAsync($"select datdba::regrole::text from pg_database where datname = '{app.Database}'"));
        Assert.DoesNotContain("migration role made", app.Steps);
        Assert.Equal(0L, await server.AskAsync("select count(*) from pg_roles where rolname like 'pgfleet%'"));
    }

    [Theory, MemberData(nameof(Servers))]
    public async Task Where_it_is_another_role_s_they_act_as_that_one_and_nothing_of_it_stays(string kind)
    {
        await using var home = new LinkHome();
        var server = await hosted.OfAsync(kind);
        await home.LinkAsync(server.Link());
        using var app = App(home, Table);
        await home.AskAdminAsync($"create role {app.Database}_owner");
        await server.AskAsync($"create database {app.Database} owner {app.Database}_owner");
        var before = await MembershipsAsync(server);

        await app.DeployAsync();

        Assert.Equal($"{app.Database}_owner", await server.AskAsync("select tableowner::text from pg_tables where tablename = 'made'", app.Database));
        Assert.Equal(before, await MembershipsAsync(server));
        Assert.Equal(0L, await server.AskAsync("select count(*) from pg_roles where rolname like 'pgfleet%'"));
    }

    [Fact]
    public async Task Where_it_would_be_a_superuser_s_the_preview_warns_and_the_deploy_makes_nothing()
    {
        await using var home = new LinkHome();
        await hosted.Server.AskAsync($"create role boss superuser login password '{HostedServer.Password}'");
        await home.LinkAsync(hosted.Server.Link() with { AdminUsername = "boss" });
        using var app = App(home, Table);

        var warning = Assert.Single(await app.PreflightAsync());
        Assert.Equal(("instance", false), (warning.Path, warning.Refuses));
        Assert.StartsWith($"Database \"{app.Database}\" belongs to the superuser \"boss\", and no migration runs as one. Give it to a role of its own", warning.Reason.ToString(), StringComparison.Ordinal);
        Assert.Equal(FailureKind.Refused, (await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync())).Kind);
        Assert.Equal(0L, await hosted.Server.AskAsync($"select count(*) from pg_database where datname = '{app.Database}'"));

        app.Migrate();
        Assert.Empty(await app.PreflightAsync());
        await app.DeployAsync();
    }

    [Fact]
    public async Task What_the_disk_refuses_is_told_as_that_and_the_next_run_deploys()
    {
        await using var home = new LinkHome();
        await home.LinkAsync(hosted.Server.Link());
        using var app = App(home, Table);
        var inTheWay = Path.Combine(home.Folder, "applications");
        await File.WriteAllTextAsync(inTheWay, "");

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => app.DeployAsync());
        Assert.StartsWith("The operating system refuses: ", failure.Message, StringComparison.Ordinal);

        File.Delete(inTheWay);
        await app.DeployAsync();
    }

    private static TestApp App(LinkHome home, params string[] migrations) =>
        new(new(home.Engine, home.Engine, home.Engine, new ApplicationStore(new Home(home.Folder), TimeProvider.System)), "legacy", migrations);

    private static Task<object?> MembershipsAsync(HostedServer server) => server.AskAsync(
        "select string_agg(format('%s %s', roleid::regrole, member::regrole), ',' order by roleid, member) from pg_auth_members where roleid >= 16384");
}
