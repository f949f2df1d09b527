using PgFleet.Engines;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local;

/// <summary>Which server a state refers to, of all that had its name, and who may resume an unfinished one.</summary>
public sealed class IdentityTests
{
    [Fact]
    public async Task A_deletion_that_means_an_unfinished_server_leaves_the_one_that_was_made_of_it()
    {
        await using var home = new TestHome();
        var begun = await BegunAsync(home, TestHome.Spec());
        var server = await home.CreateAsync();
        Assert.NotEqual(begun, server.Identity);
        var warnings = new List<string>();

        await home.Engine.DeleteAsync("main", new(CancellationToken.None, warn: text => warnings.Add(text.ToString())), new(begun));

        Assert.Contains("was left alone", Assert.Single(warnings));
        Assert.Equal(1, await TestHome.AskAsync(server, "select 1"));
        await home.Engine.DeleteAsync("main", TestHome.Unhurried(), new(server.Identity));
        Assert.Null(home.Record());
    }

    [Fact]
    public async Task A_state_of_an_earlier_version_means_the_server_of_its_moment()
    {
        await using var home = new TestHome();
        var server = await home.CreateAsync();

        await home.Engine.DeleteAsync("main", TestHome.Unhurried(), new(null, server.CreatedAt.AddMinutes(-1)));
        Assert.NotNull(home.Record());

        await home.Engine.DeleteAsync("main", TestHome.Unhurried(), new(null, server.CreatedAt));
        Assert.Null(home.Record());
    }

    [Fact]
    public async Task An_unfinished_server_is_gone_on_with_by_who_began_it_and_by_its_own_state_alone()
    {
        await using var home = new TestHome();
        var mine = TestHome.Spec() with { Urn = "urn:pulumi:a::shop::main" };
        var others = TestHome.Spec() with { Urn = "urn:pulumi:b::shop::main" };
        var begun = await BegunAsync(home, mine);

        foreach (var stranger in (ServerSpec[])[others, others with { Urn = null }])
        {
            var work = TestHome.Unhurried();
            var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.CreateAsync(stranger, work));
            Assert.Contains("pgfleet delete main", failure.Message);
            Assert.Null(work.Partial);
            Assert.Contains(await home.Engine.PreflightAsync(null, stranger, CancellationToken.None), problem => problem is { Path: "name", Refuses: true });
            await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.ApplyAsync(stranger, TestHome.Unhurried(), new("another")));
        }

        var server = await home.Engine.ApplyAsync(mine, TestHome.Unhurried(), new(begun));
        Assert.Equal((ServerStatus.Available, begun), (server.Status, server.Identity));
    }

    [Fact]
    public async Task Without_a_urn_it_is_whoever_asks_for_the_same()
    {
        await using var home = new TestHome();
        await BegunAsync(home, TestHome.Spec());
        await Assert.ThrowsAsync<ResourceFailure>(() => home.CreateAsync(TestHome.Spec() with { Username = "bob" }));
        Assert.Equal(ServerStatus.Available, (await home.CreateAsync(TestHome.Spec(password: "an0ther-secret"))).Status);
    }

    [Fact]
    public async Task What_was_protected_last_is_not_deleted_whatever_an_old_state_says()
    {
        await using var home = new TestHome();
        var server = await home.CreateAsync(TestHome.Spec() with { Protected = false });
        await home.ApplyAsync(TestHome.Spec() with { Protected = true });

        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.DeleteAsync("main", TestHome.Unhurried(), new(server.Identity)));
        Assert.Contains("is protected", failure.Message);

        await home.ApplyAsync(TestHome.Spec() with { Protected = false });
        await home.Engine.DeleteAsync("main", TestHome.Unhurried(), new(server.Identity));
        Assert.Null(home.Record());
    }

    [Fact]
    public async Task No_import_is_advised_of_what_the_same_state_may_be_about_to_delete()
    {
        await using var home = new TestHome();
        var mine = TestHome.Spec() with { Urn = "urn:pulumi:a::shop::main" };
        await home.CreateAsync(mine);
        Assert.DoesNotContain("pulumi import", (await Assert.ThrowsAsync<ResourceFailure>(() => home.CreateAsync(mine))).Message);
        Assert.Contains("pulumi import", (await Assert.ThrowsAsync<ResourceFailure>(() => home.CreateAsync(mine with { Urn = "urn:other" }))).Message);
    }

    /// <summary>Creates a server and interrupts the creation.</summary>
    /// <returns>The server's identity.</returns>
    private static async Task<string> BegunAsync(TestHome home, ServerSpec spec)
    {
        using var cancel = new CancellationTokenSource();
        await Assert.ThrowsAsync<OperationCanceledException>(
            () => home.Engine.CreateAsync(spec, new(cancel.Token, new ActsAt("made the data directory", cancel.Cancel))));
        return $"{home.Record()!.Identity}";
    }
}
