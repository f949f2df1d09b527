using PgFleet.Archives;
using PgFleet.Failures;

namespace PgFleet.Tests.Engines.Local.Helper;

/// <summary>Failures of the archive program, which runs in another process.</summary>
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
        Assert.Equal($"The base backup of \"main\" came to nothing: \"{identity}\" does not exist.", failure.What.ToString());
        Assert.Equal("See that the disk it belongs on is mounted.", failure.Remedy.ToString());
    }

    /// <summary>The program runs as the servers' user, who may have replaced it.</summary>
    [Theory]
    [InlineData("null")]
    [InlineData("{")]
    [InlineData("""{"kind":99,"what":"It is so.","remedy":"Do this."}""")]
    [InlineData("""{"kind":0,"what":null,"remedy":"Do this."}""")]
    [InlineData("""{"kind":0,"what":[{"kind":99,"text":"It is so."}],"remedy":"Do this."}""")]
    [InlineData("""{"kind":0,"what":[{"kind":1}],"remedy":"Do this."}""")]
    [InlineData("""{"kind":0,"what":[null],"remedy":"Do this."}""")]
    [InlineData("""{"kind":0,"what":{},"remedy":"Do this."}""")]
    public void Is_told_as_it_came_where_it_is_none(string said)
    {
        Assert.Equal(HelperFailure.Of(said), HelperFailure.Parse(said));
        Assert.Equal(FailureKind.Unavailable, HelperFailure.Parse(said).Kind);
    }

    [Fact]
    public void Holds_nothing_that_a_terminal_would_obey()
    {
        var failure = HelperFailure.Parse("""{"kind":0,"what":"It is \u001b[31mred.","remedy":[{"kind":0,"text":"Set "},{"kind":1,"text":"\u001b[31mport"},{"kind":4,"text":"Database","name":"\u001ba","id":"\u001bb"}]}""");
        Assert.Equal("It is \uFFFD[31mred.", failure.What.ToString());
        Assert.Equal("Set \uFFFD[31mportpulumi import pgfleet:index:Database '\uFFFDa' '\uFFFDb'", failure.Remedy.ToString());
    }
}
