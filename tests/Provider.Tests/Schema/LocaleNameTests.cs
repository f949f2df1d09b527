using PgFleet.Schema.Types;

namespace PgFleet.Tests.Schema;

public sealed class LocaleNameTests
{
    [Theory]
    [InlineData("en_US.utf8", "en_US.UTF-8", true)]
    [InlineData("C.UTF8", "C.UTF-8", true)]
    [InlineData("C", "POSIX", true)]
    [InlineData("de_AT", "de-at", true)]
    [InlineData("root", "und", true)]
    [InlineData("und-u-kn", "und-u-kn-true", false)]
    [InlineData("C", "C.UTF-8", false)]
    [InlineData("en_US.UTF-8", "en_GB.UTF-8", false)]
    [InlineData("de_DE.UTF-8", "de_DE.UTF-8@euro", false)]
    [InlineData("de_DE.ISO-8859-1", "de_DE.ISO-8859-15", false)]
    public void Two_spellings_of_one_locale_are_one(string one, string other, bool same)
    {
        Assert.Equal(same, LocaleName.Parse(one)!.Equals(LocaleName.Parse(other)));
        Assert.Equal((one, other), (LocaleName.Parse(one)!.ToString(), LocaleName.Parse(other)!.ToString()));
    }
}
