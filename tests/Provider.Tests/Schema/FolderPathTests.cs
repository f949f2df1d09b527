using PgFleet.Schema.Types;

namespace PgFleet.Tests.Schema;

public sealed class FolderPathTests
{
    [Theory]
    [InlineData("/arch/x", "/arch/x/")]
    [InlineData("/arch/x", "/arch/./x")]
    [InlineData("/arch/x", "//arch//x")]
    [InlineData("/arch/x", "/arch/y/../x")]
    [InlineData("/", "/..")]
    [InlineData("app", "./app/")]
    [InlineData("../app", ".././app")]
    [InlineData("a/..", ".")]
    public void What_leads_to_one_place_is_one_path(string one, string other) => Assert.Equal(FolderPath.Parse(one), FolderPath.Parse(other));

    [Theory]
    [InlineData("/arch/x", "/arch/y")]
    [InlineData("/app", "app")]
    [InlineData("../app", "app")]
    [InlineData("/arch/x", "/arch/X")]
    public void What_leads_to_two_places_is_two_paths(string one, string other) => Assert.NotEqual(FolderPath.Parse(one), FolderPath.Parse(other));
}
