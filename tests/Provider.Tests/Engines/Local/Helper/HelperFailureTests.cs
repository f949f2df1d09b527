using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Helper;

/// <summary>What the archive's program refuses, which runs in another process.</summary>
public sealed class HelperFailureTests
{
    [Fact]
    public async Task Keeps_its_kind_and_its_remedy_on_the_way_to_the_provider()
    {
        await using var home = new TestHome(programFolder: Repository.Programs);
        await home.CreateAsync();
        var identity = Path.Combine(home.Paths().Archive, "identity.json");
        File.Move(identity, $"{identity}.away");
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => home.Engine.BackUpAsync("main", TestHome.Unhurried()));
        Assert.Equal(FailureKind.Missing, failure.Kind);
        Assert.Equal($"The base backup of \"main\" came to nothing: \"{identity}\" does not exist.", failure.What);
        Assert.Equal("See that the disk it belongs on is mounted.", failure.Remedy);
    }
}
