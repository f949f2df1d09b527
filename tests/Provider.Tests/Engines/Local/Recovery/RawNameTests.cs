using System.Globalization;
using PgFleet.Engines;

namespace PgFleet.Tests.Engines.Local.Recovery;

/// <summary>Databases with encoding SQL_ASCII, where names are not validated.</summary>
[Trait("Requirement", "R21")]
public sealed class RawNameTests
{
    [Fact]
    public async Task Databases_and_roles_whose_names_are_no_UTF_8_are_in_the_copy_as_they_were_and_hinder_no_look()
    {
        await using var home = await RestoreHome.StartAsync();
        await home.RunInAsync("postgres", "create database raw encoding 'SQL_ASCII' locale 'C' template template0");
        await SayAsync(home, @"create role ""r\351le"" login; create database ""caf\351"" owner ""r\351le"" encoding 'SQL_ASCII' locale 'C' template template0");
        await SayAsync(home, @"create table kept as select 7 as id; alter table kept owner to ""r\351le""", @"caf\351");
        await home.RunAsync("create table kept (id int)");

        foreach (var name in new[] { "main", (await home.RestoreAsync(null)).Name })
        {
            Assert.Equal(1L, await home.Home.AskAdminAsync(@"select count(*) from pg_database where datname::text::bytea = '\x636166e9'", name));
            Assert.Equal(1L, await home.Home.AskAdminAsync(@"select count(*) from pg_roles where rolname::text::bytea = '\x72e96c65'", name));
            Assert.Equal(ServerStatus.Available, (await home.Home.Engine.FindAsync(name, CancellationToken.None))!.Status);
            Assert.Contains("7", await SayAsync(home, "select id from kept", @"caf\351", name), StringComparison.Ordinal);
        }
        Assert.Contains(home.Warnings, warning => warning.Contains(@"""caf\xe9""", StringComparison.Ordinal));
    }

    /// <summary>Runs statements with octal escapes as raw bytes.</summary>
    private static async Task<string> SayAsync(RestoreHome home, string sql, string database = "raw", string server = "main")
    {
        var record = home.Home.Record(server)!;
        var said = await ScratchServer.AsServiceUserAsync(
            "sh", "-euc", """db=$(printf "$3"); printf "$2" | "$0/psql" -v ON_ERROR_STOP=1 -qAtX -h "$1" -p "$4" -d "$db" """,
            ScratchServer.BinDirectory, home.Home.Paths(server).Socket, sql, database, record.Port.ToString(CultureInfo.InvariantCulture));
        return said.StandardOutput;
    }
}
