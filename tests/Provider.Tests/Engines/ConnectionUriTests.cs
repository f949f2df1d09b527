using PgFleet.Engines;

namespace PgFleet.Tests.Engines;

public sealed class ConnectionUriTests
{
    [Theory]
    [InlineData("postgresql://u:p%2Fw@h:5432/postgres?sslmode=require", "postgresql://u:p%2Fw@h:5432/shop?sslmode=require")]
    [InlineData("postgres://u@h1:1,h2:2/postgres", "postgres://u@h1:1,h2:2/shop")]
    [InlineData("postgresql://h", "postgresql://h/shop")]
    [InlineData("postgresql://[::1]:5432?host=/run", "postgresql://[::1]:5432/shop?host=/run")]
    public void Leads_to_another_database_and_keeps_the_rest(string uri, string expected) => Assert.Equal(expected, ConnectionUri.WithDatabase(uri, "shop"));

    [Fact]
    public void Escapes_what_a_name_may_hold() =>
        Assert.Equal("postgresql://h/a%20%22b%22%2F%3F%23%25%C3%A9", ConnectionUri.WithDatabase("postgresql://h/x", "a \"b\"/?#%é"));

    [Fact]
    public void Names_the_user_with_or_without_a_password_and_demands_encryption()
    {
        Assert.Equal("postgresql://al%40ice@h:6000/shop?sslmode=require", ConnectionUri.Of(Server("h", 6000), "al@ice", null, "shop"));
        Assert.Equal("postgresql://a:p%3Fw@[::1]:1/b?sslmode=require", ConnectionUri.Of(Server("::1", 1), "a", "p?w", "b"));
    }

    [Theory]
    [InlineData("postgresql://h", true)]
    [InlineData("postgres://h", true)]
    [InlineData("mysql://h", false)]
    [InlineData("Host=h", false)]
    public void Knows_one_when_it_sees_one(string text, bool known) => Assert.Equal(known, ConnectionUri.Is(text));

    private static Server Server(string host, int port) => new()
    {
        Name = "main",
        Identity = "one",
        Username = "alice",
        Status = ServerStatus.Available,
        Host = host,
        Port = port,
        Version = "15.0",
        CreatedAt = DateTimeOffset.UnixEpoch,
    };
}
