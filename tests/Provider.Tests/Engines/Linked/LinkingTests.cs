using System.Text.Json;
using PgFleet.Engines;
using PgFleet.Engines.Linked;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Linked;

/// <summary>Which servers may be linked, and what the errors name.</summary>
public sealed class LinkingTests(HostedServers hosted) : IClassFixture<HostedServers>
{
    [Fact]
    public async Task A_linked_server_is_found_with_what_clients_need_and_nothing_on_it_has_changed()
    {
        await using var home = new LinkHome();
        var before = await hosted.Server.AskAsync(Everything);
        var server = await home.LinkAsync(hosted.Server.Link());
        Assert.Equal(("legacy", HostedServer.Admin, "127.0.0.1", hosted.Server.Port, "verify-full", ServerStatus.Available), (server.Name, server.Username, server.Host, server.Port, server.SslMode, server.Status));
        Assert.StartsWith($"{server.Version} ", $"{await hosted.Server.AskAsync("show server_version")} ");
        Assert.Equal(before, await hosted.Server.AskAsync(Everything));
    }

    [Fact]
    public async Task The_record_holds_the_credentials_and_its_owner_alone_may_read_it()
    {
        await using var home = new LinkHome();
        await home.LinkAsync(hosted.Server.Link());
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(home.Record()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(home.Record())!));
        Assert.Equal(hosted.Server.Link(), home.Engine.FindLink("legacy"));
        Assert.Equal([home.Record()], Secrets(home.Folder));
    }

    [Fact]
    public async Task A_record_of_the_first_format_is_read()
    {
        await using var home = new LinkHome();
        home.Remember();
        Assert.Equal(("127.0.0.1", 1, "of-the-first-format", null), (home.Engine.FindLink("legacy")!.Host, home.Engine.FindLink("legacy")!.Port, home.Engine.FindLink("legacy")!.AdminPassword, home.Engine.FindLink("legacy")!.CaCertificate));
        var text = await File.ReadAllTextAsync(home.Record());
        Assert.Equal(text, JsonSerializer.Serialize(JsonSerializer.Deserialize(text, LinkJson.Default.LinkRecord)!, LinkJson.Default.LinkRecord) + "\n");
    }

    [Fact]
    public async Task A_record_of_a_newer_format_is_refused()
    {
        await using var home = new LinkHome();
        home.Remember();
        await File.WriteAllTextAsync(home.Record(), """{"format": 3}""");
        Assert.Contains("has format 3, and this pgfleet reads up to 2", (await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.FindAsync("legacy", CancellationToken.None))).Message);
    }

    [Theory]
    [InlineData("verify-full", true)]
    [InlineData("verify-ca", true)]
    [InlineData("require", false)]
    public async Task Each_mode_checks_what_it_says(string mode, bool needsAuthority)
    {
        await using var home = new LinkHome();
        var link = hosted.Server.Link() with { SslMode = mode, CaCertificate = needsAuthority ? hosted.Server.CaCertificate : null };
        Assert.Equal(ServerStatus.Available, (await home.LinkAsync(link)).Status);
        Assert.Equal(true, await home.AskAdminAsync("select ssl from pg_stat_ssl where pid = pg_backend_pid()"));
        var other = await Record.ExceptionAsync(() => home.LinkAsync(link with { Name = "other", Host = "localhost" }));
        Assert.Equal(mode == "verify-full" ? "host: the certificate of \"localhost\"" : null, other?.Message.Split(',')[0]);
    }

    public static TheoryData<string, string> Mistakes() => new()
    {
        { "password", "adminPassword: " },
        { "user", "adminPassword: " },
        { "authority", "caCertificate: " },
        { "none", "caCertificate: " },
        { "disable", "adminUsername: " },
        { "port", "host: " },
        { "name", "host: " },
        { "createdb", "adminUsername: " },
    };

    [Theory]
    [MemberData(nameof(Mistakes))]
    public async Task A_mistake_is_told_by_the_input_to_correct_and_leaves_no_record(string mistake, string input)
    {
        await using var home = new LinkHome();
        using var stranger = new Authority();
        await hosted.Server.AskAsync($"do $$ begin if not exists (select from pg_roles where rolname = 'idler') then create role idler login password '{HostedServer.Password}'; end if; end $$");
        var link = hosted.Server.Link();
        var wrong = mistake switch
        {
            "password" => link with { AdminPassword = "not-the-password-9c2e" },
            "user" => link with { AdminUsername = "nobody_of_that_name" },
            "authority" => link with { CaCertificate = stranger.Pem },
            "none" => link with { CaCertificate = null },
            "disable" => link with { SslMode = "disable", CaCertificate = null },
            "port" => link with { Port = FreePort.Find() },
            "name" => link with { Host = "no-such-host.invalid" },
            _ => link with { AdminUsername = "idler" },
        };
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.LinkAsync(wrong));
        Assert.StartsWith(input, failure.Message);
        Assert.DoesNotContain(wrong.AdminPassword.Reveal(), failure.ToString());
        Assert.False(File.Exists(home.Record()));
        var warning = Assert.Single(await home.Engine.PreflightAsync(wrong, isNew: true, CancellationToken.None));
        Assert.Equal((failure.Message, false), (warning.Reason.ToString(), warning.Refuses));
    }

    [Fact]
    public async Task A_server_without_TLS_is_told_to_set_sslMode()
    {
        await using var home = new LinkHome();
        await using var plain = await ScratchServer.StartAsync();
        var link = hosted.Server.Link() with { Port = plain.Port, AdminUsername = "postgres", CaCertificate = null };
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.LinkAsync(link));
        Assert.StartsWith("sslMode: ", failure.Message);
        Assert.Equal(ServerStatus.Available, (await home.LinkAsync(link with { SslMode = "disable" })).Status);
    }

    [Fact]
    public async Task A_standby_is_refused()
    {
        await using var home = new LinkHome();
        await using var standby = await HostedServer.StartAsync();
        await standby.Scratch!.StopAsync();
        await ScratchServer.AsServiceUserAsync("touch", $"{standby.Scratch.Data}/standby.signal");
        await standby.Scratch.StartAgainAsync();
        Assert.StartsWith("host: \"127.0.0.1\" is a standby", (await Assert.ThrowsAsync<ResourceFailure>(() => home.LinkAsync(standby.Link()))).Message);
    }

    [Fact]
    public void A_version_before_14_is_refused()
    {
        var old = new LinkFacts("13.22", null, MayCreateDatabases: true, IsStandby: false, []);
        Assert.StartsWith("host: \"127.0.0.1\" runs PostgreSQL 13.22", Assert.Throws<ResourceFailure>(() => old.Require(hosted.Server.Link())).Message);
        (old with { Version = "14beta1" }).Require(hosted.Server.Link());
    }

    [Fact]
    public async Task A_name_that_is_linked_already_is_a_conflict_that_tells_how_to_import()
    {
        await using var home = new LinkHome();
        await home.LinkAsync(hosted.Server.Link());
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.LinkAsync(hosted.Server.Link()));
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.Contains("pulumi import pgfleet:index:LinkedInstance legacy legacy", failure.Message);
        var problem = Assert.Single(await home.Engine.PreflightAsync(hosted.Server.Link(), isNew: true, CancellationToken.None));
        Assert.Equal(("name", true), (problem.Path, problem.Refuses));
    }

    [Fact]
    [Trait("Requirement", "R10")]
    public async Task Another_password_is_what_pgfleet_logs_in_with_and_changes_nothing_on_the_server()
    {
        await using var home = new LinkHome();
        await using var server = await HostedServer.StartAsync();
        await home.LinkAsync(server.Link());
        var verifier = await server.AskAsync($"select rolpassword from pg_authid where rolname = '{HostedServer.Admin}'");
        await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.UpdateLinkAsync(server.Link() with { AdminPassword = "an0ther-secret" }, LinkHome.Work()));
        Assert.Equal(verifier, await server.AskAsync($"select rolpassword from pg_authid where rolname = '{HostedServer.Admin}'"));
        Assert.Equal(HostedServer.Password, home.Engine.FindLink("legacy")!.AdminPassword);

        await server.AskAsync($"alter role {HostedServer.Admin} password 'an0ther-secret'");
        await home.Engine.UpdateLinkAsync(server.Link() with { AdminPassword = "an0ther-secret" }, LinkHome.Work());
        Assert.Equal("an0ther-secret", home.Engine.FindLink("legacy")!.AdminPassword);
        Assert.Equal(HostedServer.Admin, await home.AskAdminAsync("select current_user::text"));
    }

    [Fact]
    public async Task The_same_server_may_move_and_another_one_is_refused()
    {
        await using var home = new LinkHome();
        await using var another = await HostedServer.StartAnotherAsync();
        await home.LinkAsync(hosted.Server.Link());
        var elsewhere = hosted.Server.Link() with { Host = "localhost", SslMode = "verify-ca" };
        Assert.Equal("localhost", (await home.Engine.UpdateLinkAsync(elsewhere, LinkHome.Work())).Host);

        var problem = Assert.Single(await home.Engine.PreflightAsync(another.Link(), isNew: false, CancellationToken.None));
        Assert.True(problem.Refuses);
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.UpdateLinkAsync(another.Link(), LinkHome.Work()));
        Assert.Contains("is another server than \"legacy\"", failure.Message);
        Assert.Equal(elsewhere, home.Engine.FindLink("legacy"));
    }

    [Fact]
    public async Task Unlinking_needs_no_server_and_changes_nothing_on_it()
    {
        await using var home = new LinkHome();
        await using var server = await HostedServer.StartAsync();
        await home.LinkAsync(server.Link());
        await home.AskAdminAsync("create database theirs");
        await server.Scratch!.StopAsync();
        await home.Engine.UnlinkAsync("legacy", LinkHome.Work());
        await home.Engine.UnlinkAsync("legacy", LinkHome.Work());
        Assert.Null(await home.Engine.FindAsync("legacy", CancellationToken.None));
        Assert.Empty(Secrets(home.Folder));
        await server.Scratch.StartAgainAsync();
        Assert.Equal("theirs", await server.AskAsync("select datname::text from pg_database where datname = 'theirs'"));
    }

    [Fact]
    public async Task A_superusers_statements_are_in_no_log_and_another_administrators_hold_no_password()
    {
        await using var home = new LinkHome();
        await using var server = await HostedServer.StartAsync();
        await server.AskAsync("alter system set log_statement = 'all'");
        await server.AskAsync("select pg_reload_conf()");
        await server.AskAsync($"create role boss superuser login password '{HostedServer.Password}'");
        await home.LinkAsync(server.Link());
        await home.LinkAsync(server.Link("boss") with { AdminUsername = "boss" });
        await home.AskAdminAsync("select 'the master speaks'");
        await home.AskAdminAsync("select 'the boss speaks'", name: "boss");
        var log = await File.ReadAllTextAsync($"{server.Scratch!.Folder}/log");
        Assert.Contains("the master speaks", log);
        Assert.DoesNotContain("the boss speaks", log);
        Assert.DoesNotContain(HostedServer.Password, log.Replace($"create role boss superuser login password '{HostedServer.Password}'", "", StringComparison.Ordinal));

        // Losing a right does not lock the administrator out.
        await server.AskAsync("alter role boss nosuperuser createdb");
        Assert.Equal("boss", await home.AskAdminAsync("select current_user::text", "template1", "boss"));
    }

    private const string Everything = """
        select string_agg(line, ';' order by line) from (
            select format('%s %s', rolname, rolpassword) from pg_authid union all select datname::text from pg_database
            union all select setting from pg_settings where source not in ('client', 'session')) of_all(line)
        """;

    private static IEnumerable<string> Secrets(string folder) =>
        Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(file => File.ReadAllText(file).Contains(HostedServer.Password, StringComparison.Ordinal));
}
