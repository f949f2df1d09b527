using PgFleet.Schema.Types;

namespace PgFleet.Tests.Schema;

[Trait("Requirement", "R24")]
public sealed class RestoreTimeTests
{
    [Theory]
    [InlineData("2026-11-22 16:03:20.25+02")]
    [InlineData("2026-11-22 10:33:20.25-03:30")]
    public void An_instant_is_taken_as_psql_prints_it(string printed) =>
        Assert.Equal(RestoreTime.Parse("2026-11-22T14:03:20.25Z"), RestoreTime.Parse(printed));

    [Theory]
    [InlineData("2026-11-22 16:03:20+2")]
    [InlineData("2026-11-22 16:03:20+0200")]
    [InlineData("2026-11-22 16:03:20+25")]
    [InlineData("2026-11-22 16:03:20 EET")]
    public void No_other_way_to_write_a_zone_is(string written) => Assert.Null(RestoreTime.Parse(written));
}
