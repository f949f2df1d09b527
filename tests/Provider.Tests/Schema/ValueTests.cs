using PgFleet.Schema;

namespace PgFleet.Tests.Schema;

public sealed class ValueTests
{
    [Fact]
    public void A_map_takes_the_mark_of_a_secret_on_a_value_that_it_holds()
    {
        var map = Map.Empty.With("password", new StringValue("s3cret-word"));

        Assert.True(map.With("password", new StringValue("s3cret-word", Secret: true))["password"]!.Secret);
    }

    [Fact]
    public void Prints_no_secret() =>
        Assert.Equal(
            "{a: [1, true], b: \"x\", c: [secret], d: [unknown]}",
            Written.Object(("a", new object[] { 1, true }), ("b", "x"), ("c", new StringValue("s3cret-word", Secret: true)), ("d", Written.Later)).ToString());
}
