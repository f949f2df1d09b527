using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using PgFleet.Engines;
using PgFleet.Engines.Linked;
using PgFleet.Security;

namespace PgFleet.Tests.Security;

public sealed class SecretTests
{
    private const string Clear = "the-clear-text-5d1e";

    private static readonly Secret Password = new(Clear);

    [Fact]
    public void Nothing_but_Reveal_gives_the_text()
    {
        Assert.Equal("[secret]", Password.ToString());
        Assert.Equal("a [secret] b", $"a {Password} b");
        Assert.Equal("a [secret]", "a " + Password);
        Assert.Equal("[secret]", string.Format(CultureInfo.InvariantCulture, "{0}", Password));
        Assert.Equal("[secret]", typeof(Secret).GetCustomAttribute<DebuggerDisplayAttribute>()!.Value);
        Assert.Empty(typeof(Secret).GetProperties(BindingFlags.Instance | BindingFlags.Public));
        Assert.Equal(Clear, Password.Reveal());
    }

    [Fact]
    public void Two_of_the_same_text_are_equal()
    {
        Assert.True(Password == new Secret(Clear));
        Assert.Equal(Password.GetHashCode(), new Secret(Clear).GetHashCode());
        Assert.False(Password == new Secret("another"));
        Assert.False(Password == null);
    }

    [Fact]
    public void A_text_becomes_one_and_no_text_becomes_none()
    {
        Secret? none = (string?)null;
        Assert.Null(none);
        Secret some = Clear;
        Assert.Equal(Password, some);
    }

    [Fact]
    public void A_record_is_kept_as_it_was_before_there_was_the_type()
    {
        var record = new LinkRecord
        {
            Format = 2,
            Link = new() { Name = "legacy", Host = "h", Port = 1, AdminUsername = "master", AdminPassword = Clear, SslMode = "disable", CaCertificate = null },
            ServerVersion = "15.18",
            SystemIdentifier = null,
            LinkedAt = DateTimeOffset.UnixEpoch,
        };
        var json = JsonSerializer.Serialize(record, LinkJson.Default.LinkRecord);
        Assert.Contains($"\"adminPassword\": \"{Clear}\"", json, StringComparison.Ordinal);
        Assert.Equal(record, JsonSerializer.Deserialize(json, LinkJson.Default.LinkRecord));
    }

    [Fact]
    public void What_is_no_text_is_refused_without_being_quoted()
    {
        var wrong = Assert.Throws<JsonException>(() => JsonSerializer.Deserialize("""{"name": "n", "host": "h", "port": 1, "adminUsername": "m", "adminPassword": 5112358, "sslMode": "disable", "caCertificate": null}""", typeof(ServerLink), LinkJson.Default));
        Assert.DoesNotContain("5112358", wrong.ToString(), StringComparison.Ordinal);
    }
}
