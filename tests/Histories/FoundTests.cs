using PgFleet.Histories.Places;
using PgFleet.Histories.Programs;

namespace PgFleet.Histories;

/// <summary>Bugs found by random histories, reduced to plain tests.</summary>
public sealed class FoundTests : IAsyncDisposable
{
    private static readonly Declared Main = new(Kind.Instance, "i1") { Name = "main" };

    private readonly FakePlace place = new();
    private readonly Driver driver;

    public FoundTests() => driver = new(place, listens: true);

    public async ValueTask DisposeAsync()
    {
        driver.Dispose();
        await place.DisposeAsync();
    }

    [Fact]
    public async Task A_restore_from_a_server_that_the_same_up_finishes_does_not_hold_it_up()
    {
        Declare(Main, new(Kind.Restored, "r1") { Name = "side", On = StackProgram.Reference("i1"), RestoreTime = "latest" });
        Assert.True((await UpAsync(new(FaultKind.Fail, 3))).Struck);
        Assert.NotEmpty(driver.Recorded.Single(resource => resource.Urn.Name == "i1").InitErrors);
        var preview = await driver.RunAsync((stack, options, cancel) => stack.PreviewAsync(options, cancel), new(), Fault.None, parallel: 1);
        Assert.True(preview.Succeeded, $"{preview}");
        var up = await UpAsync(Fault.None);
        Assert.True(up.Succeeded, $"{up}");
    }

    [Theory]
    [InlineData(false, "the server's call comes first")]
    [InlineData(true, "the database's call comes first")]
    public async Task A_server_on_which_the_program_declares_a_database_by_its_name_is_not_destroyed(bool isFirst, string how)
    {
        Assert.NotEmpty(how);
        var shop = new Declared(Kind.Database, "d1") { Name = "shop", On = "main" };
        Declare(Main);
        Assert.True((await UpAsync(Fault.None)).Succeeded);
        Declare(Main, shop);
        Assert.True((await UpAsync(Fault.None)).Succeeded);
        var before = $"{await place.ReadFactsAsync()}";

        var renamed = Main with { Name = "third" };
        Declare(isFirst ? [shop, renamed] : [renamed, shop]);
        var preview = await driver.RunAsync((stack, options, cancel) => stack.PreviewAsync(options, cancel), new(), Fault.None, parallel: 1);
        Assert.False(preview.Succeeded, $"{preview}");
        Assert.Contains("in place of a name", Assert.Single(preview.Result.Errors), StringComparison.Ordinal);

        Declare(shop);
        Assert.False((await UpAsync(Fault.None)).Succeeded);
        Assert.Equal(before, $"{await place.ReadFactsAsync()}");
        Declare();
        Assert.True((await UpAsync(Fault.None)).Succeeded);
        Assert.Empty((await place.ReadFactsAsync()).Servers);
    }

    /// <summary>The state recorded no dependency when the server was replaced, and the run was interrupted in between.</summary>
    [Fact]
    public async Task A_database_whose_server_is_made_anew_is_made_anew_on_it()
    {
        Declare(Main, new Declared(Kind.Database, "d1") { Name = "shop", On = "main" });
        Assert.True((await UpAsync(Fault.None)).Succeeded);
        await place.DeleteServerAsync("main");
        Declare(new Declared(Kind.Instance, "i2") { Name = "main" }, new Declared(Kind.Database, "d1") { Name = "shop", On = StackProgram.Reference("i2") });
        var up = await UpAsync(Fault.None);
        Assert.True(up.Succeeded, $"{up}");
        Assert.NotNull((await place.ReadFactsAsync()).IdentityOf("main/shop"));
    }

    /// <summary>It had been recorded as the program's, and as protected, before it was found not to be a restored server.</summary>
    [Fact]
    public async Task An_update_of_a_restored_server_leaves_alone_what_was_made_by_hand_under_its_name()
    {
        var copy = new Declared(Kind.Restored, "r1") { Name = "side", On = StackProgram.Reference("i1"), RestoreTime = "latest" };
        Declare(Main, copy);
        Assert.True((await UpAsync(Fault.None)).Succeeded);
        await place.DeleteServerAsync("side");
        await place.MakeServerAsync("side", null);
        var before = $"{await place.ReadFactsAsync()}";

        Declare(Main, copy with { DeletionProtection = true });
        var preview = await driver.RunAsync((stack, options, cancel) => stack.PreviewAsync(options, cancel), new(), Fault.None, parallel: 1);
        Assert.Contains("was not restored from another", Assert.Single(preview.Result.Errors), StringComparison.Ordinal);
        Assert.False((await UpAsync(Fault.None)).Succeeded);
        Assert.Equal(before, $"{await place.ReadFactsAsync()}");
    }

    private void Declare(params IReadOnlyList<Declared> resources) => driver.Write(new([.. resources]));

    private Task<Outcome> UpAsync(Fault fault) => driver.RunAsync((stack, options, cancel) => stack.UpAsync(options, cancel), new(), fault, parallel: 1);
}
