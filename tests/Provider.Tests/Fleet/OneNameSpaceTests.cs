using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Tests.Engines.Linked;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Tests.Fleet;

/// <summary>Managed and linked servers share one name space, and what is refused for linked ones is explained.</summary>
public sealed class OneNameSpaceTests
{
    private static readonly ServerLink Link = new()
    {
        Name = "main",
        Host = "127.0.0.1",
        Port = 1,
        AdminUsername = "master",
        AdminPassword = "whatever",
        SslMode = "disable",
        CaCertificate = null,
    };

    [Fact]
    public async Task A_name_that_is_linked_is_refused_to_a_server_that_is_made_before_anything_is_touched()
    {
        await using var home = new LinkHome();
        home.Remember("main");
        var problem = Assert.Single(await home.Local.PreflightAsync(null, TestHome.Spec(), CancellationToken.None), problem => problem.Path == "name");
        Assert.Equal((true, "\"main\" is the name of a linked server. Choose another name."), (problem.Refuses, problem.Reason.ToString()));
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.Local.CreateAsync(TestHome.Spec(), new(CancellationToken.None)));
        Assert.Equal(FailureKind.Conflict, failure.Kind);
        Assert.False(Directory.Exists(Path.Combine(home.Folder, "instances", "main")));
    }

    [Fact]
    public async Task A_name_that_was_made_is_refused_to_a_link_even_while_it_is_half_made()
    {
        await using var home = new LinkHome();
        Directory.CreateDirectory(Path.Combine(home.Folder, "instances", "main"));
        var record = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Engines/Local/record-1.json"));
        await File.WriteAllTextAsync(Path.Combine(home.Folder, "instances", "main", "record.json"), record.Replace("\"available\"", "\"building\"", StringComparison.Ordinal));
        var problem = Assert.Single(await home.Engine.PreflightAsync(Link, isNew: true, CancellationToken.None));
        Assert.Equal(("name", true), (problem.Path, problem.Refuses));
        Assert.Equal(FailureKind.Conflict, (await Assert.ThrowsAsync<ResourceFailure>(() => home.LinkAsync(Link))).Kind);
    }

    [Fact]
    public async Task Deleting_a_made_server_of_that_name_leaves_the_link()
    {
        await using var home = new LinkHome();
        home.Remember("main");
        await home.Local.DeleteAsync("main", new(CancellationToken.None));
        Assert.NotNull(home.Engine.FindLink("main"));
    }

    [Fact]
    [Trait("Requirement", "R11")]
    [Trait("Requirement", "R12")]
    public async Task All_of_them_are_one_list()
    {
        await using var home = new LinkHome();
        home.Remember("legacy");
        home.Remember("older");
        var all = new FleetDirectory(new FleetEngine(home.Local, home.Local, home.Local), new FleetEngine(home.Engine, home.Engine, home.Engine));
        Assert.Equal(["legacy", "older"], (await all.ListAsync(CancellationToken.None)).Select(server => server.Name).ToList());
        Assert.Equal(ServerStatus.Unreachable, (await all.FindAsync("legacy", CancellationToken.None))!.Status);
        Assert.True(all.Has("older"));
        Assert.Null(await all.FindAsync("nobody", CancellationToken.None));
        Assert.StartsWith("host: ", (await Assert.ThrowsAsync<ResourceFailure>(() => all.OpenAsync("legacy", "postgres", CancellationToken.None))).Message);
        Assert.Equal(FailureKind.Missing, (await Assert.ThrowsAsync<ResourceFailure>(() => all.OpenAsync("nobody", "postgres", CancellationToken.None))).Kind);
    }

    [Fact]
    [Trait("Requirement", "R20")]
    public async Task Recovery_starting_and_stopping_are_refused_with_the_reason()
    {
        await using var home = new LinkHome();
        home.Remember();
        var spec = TestHome.Spec("undone") with { Username = null, PostgresVersion = null, Origin = new("legacy", null) };
        var problem = Assert.Single(await home.Local.PreflightAsync(null, spec, CancellationToken.None), problem => problem.Path == "sourceInstance");
        Assert.True(problem.Refuses);
        Assert.StartsWith("\"legacy\" is linked, and recovery is not available for linked servers", problem.Reason.ToString());

        foreach (var refused in (Func<Task>[])
        [
            () => home.Local.CreateAsync(spec, new(CancellationToken.None)),
            () => home.Local.GetWindowAsync("legacy", CancellationToken.None),
            () => home.Local.StartAsync("legacy", byUser: true, CancellationToken.None),
            () => home.Local.StopAsync("legacy", byUser: true, CancellationToken.None),
        ])
        {
            var failure = await Assert.ThrowsAsync<ResourceFailure>(refused);
            Assert.Equal(FailureKind.Refused, failure.Kind);
            Assert.StartsWith("\"legacy\" is linked: ", failure.Message);
        }
        Assert.False(Directory.Exists(Path.Combine(home.Folder, "instances", "undone")));
    }
}
