using PgFleet.Engines;
using PgFleet.Fleet;
using PgFleet.Progress;
using PgFleet.Resources.LinkedInstance;
using PgFleet.Tests.Engines.Linked;
using State = PgFleet.Resources.State<PgFleet.Resources.LinkedInstance.LinkedInstanceArgs, PgFleet.Resources.LinkedInstance.LinkedInstanceOutputs>;

namespace PgFleet.Tests.Resources.LinkedInstance;

public sealed class LinkedInstanceHandlerTests(HostedServers hosted) : IClassFixture<HostedServers>
{
    [Fact]
    public async Task An_update_without_the_password_keeps_the_recorded_one_and_a_state_without_it_is_not_given_it()
    {
        await using var home = new LinkHome();
        var handler = new LinkedInstanceHandler(home.Engine, new(new Home(home.Folder), TimeProvider.System));
        var link = hosted.Server.Link();
        var made = await handler.CreateAsync(ArgsOf(link), new OperationContext<State>(CancellationToken.None));
        var password = Uri.EscapeDataString(link.AdminPassword.Reveal());
        Assert.Contains(password, made.Outputs.ConnectionUri.Reveal(), StringComparison.Ordinal);

        var bare = ArgsOf(link) with { AdminPassword = null, SslMode = "verify-ca" };
        var updated = await handler.UpdateAsync(made, bare, new OperationContext<State>(CancellationToken.None));
        Assert.Equal(link with { SslMode = "verify-ca" }, home.Engine.FindLink("legacy"));
        Assert.DoesNotContain(password, updated.Outputs.ConnectionUri.Reveal(), StringComparison.Ordinal);

        var read = await handler.ReadAsync("legacy", updated, new OperationContext(CancellationToken.None));
        Assert.Equal((bare, updated.Outputs), (read!.Args, read.Outputs));
        Assert.Equal(link.AdminPassword, (await handler.ReadAsync("legacy", null, new OperationContext(CancellationToken.None)))!.Args.AdminPassword);
    }

    [Fact]
    public async Task One_that_was_linked_anew_under_the_name_is_left_alone_and_told()
    {
        await using var home = new LinkHome();
        var handler = new LinkedInstanceHandler(home.Engine, new(new Home(home.Folder), TimeProvider.System));
        var args = ArgsOf(hosted.Server.Link());
        var old = await handler.CreateAsync(args, new OperationContext<State>(CancellationToken.None));
        await handler.DeleteAsync("legacy", old, new OperationContext(CancellationToken.None));
        var anew = await handler.CreateAsync(args, new OperationContext<State>(CancellationToken.None));
        Assert.NotEqual(old.Outputs.Identity, anew.Outputs.Identity);
        var warnings = new List<string>();

        await handler.DeleteAsync("legacy", old, new OperationContext(CancellationToken.None, warn: text => warnings.Add(text.ToString())));

        Assert.Contains("was left alone", Assert.Single(warnings), StringComparison.Ordinal);
        Assert.True(home.Engine.Has("legacy"));
        await handler.DeleteAsync("legacy", anew, new OperationContext(CancellationToken.None));
        Assert.False(home.Engine.Has("legacy"));
    }

    private static LinkedInstanceArgs ArgsOf(ServerLink link) => new()
    {
        Name = link.Name,
        Host = link.Host,
        Port = link.Port,
        AdminUsername = link.AdminUsername,
        AdminPassword = link.AdminPassword,
        SslMode = link.SslMode,
        CaCertificate = link.CaCertificate,
    };
}
