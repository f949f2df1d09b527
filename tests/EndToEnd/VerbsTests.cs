using System.Text.Json;

namespace PgFleet.EndToEnd;

/// <summary>The command line as people and scripts use it.</summary>
public sealed class VerbsTests
{
    private const int Success = 0, Usage = 2, NotAvailable = 3, NoSuchServer = 4;

    [Fact]
    [Trait("Requirement", "R11")]
    [Trait("Requirement", "R12")]
    public async Task Servers_are_listed_stopped_and_started()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance() + Workplace.Database("orders"), "uri: ${main.connectionUri}");
        var uri = (string)(await work.UpAsync()).Outputs["uri"]!;

        var list = await work.PgFleetAsync("list");
        Assert.Equal(["NAME", "STATUS", "VERSION", "ADDRESS", "USER", "CREATED", "KIND"], Words(list.Out, line: 0));
        Assert.Equal(["main", "available", $"127.0.0.1:{new Uri(uri).Port}", "shopkeeper", "managed"], Words(list.Out, line: 1).Where((_, column) => column is 0 or 1 or 3 or 4 or 6));
        var listed = Assert.Single(Json(await work.PgFleetAsync("list", "--json")).GetProperty("instances").EnumerateArray());
        Assert.Equal("main", listed.GetProperty("name").GetString());
        Assert.Equal((Success, "available"), await StatusAsync(work));

        Assert.Equal((Success, "main stopped\n", ""), await work.PgFleetAsync("stop", "main"));
        Assert.Equal((NotAvailable, "stopped"), await StatusAsync(work));
        await work.Stack.RefreshAsync();
        Assert.Equal((NotAvailable, "stopped"), await StatusAsync(work));

        Assert.Equal((Success, "main started\n", ""), await work.PgFleetAsync("start", "--all"));
        Assert.Equal(1, await Workplace.ScalarAsync(uri, "select 1"));

        Assert.Equal((Success, "main stopped\n", ""), await work.PgFleetAsync("stop", "--all", "--for-machine"));
        Assert.Equal((NotAvailable, "stopped"), await StatusAsync(work));
        Assert.Equal((Success, "main started\n", ""), await work.PgFleetAsync("start", "--all", "--for-machine"));
        Assert.Equal((Success, "main stopped\n", ""), await work.PgFleetAsync("stop", "main"));
        Assert.Equal((Success, "", ""), await work.PgFleetAsync("start", "--all", "--for-machine"));
        Assert.Equal((NotAvailable, "stopped"), await StatusAsync(work));
    }

    [Fact]
    [Trait("Requirement", "R25")]
    public async Task The_window_of_a_server_is_shown()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance());
        await work.UpAsync();
        var json = default(JsonElement);
        // Its pages are checked after the up, in the background.
        await Eventually.TrueAsync(
            async () => (json = Json(await work.PgFleetAsync("window", "main", "--json"))).GetProperty("backups")[0].GetProperty("checked").GetBoolean(), "the first backup is checked");
        var table = await work.PgFleetAsync("window", "main");
        Assert.Equal(Success, table.Code);
        Assert.Equal(["earliest", json.GetProperty("earliest").GetString()!], Words(table.Out, line: 0));
        Assert.Equal([json.GetProperty("backups")[0].GetProperty("endedAt").GetString()!, "whole"], Words(table.Out, line: 3).Where((_, column) => column is 0 or 3));
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("window", "man")).Code);

        foreach (var backup in Directory.GetDirectories(Path.Combine(work.Home, "instances", "main", "archive", "backups")))
        {
            Directory.Delete(backup, recursive: true);
        }
        var nothing = await work.PgFleetAsync("window", "main");
        Assert.Equal(NotAvailable, nothing.Code);
        Assert.StartsWith("Nothing can be restored.", nothing.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_home_without_servers_is_told_as_one()
    {
        await using var work = new Workplace();
        Assert.Equal((Success, "This fleet has no servers.\n", ""), await work.PgFleetAsync("list"));
        Assert.Empty(Json(await work.PgFleetAsync("list", "--json")).GetProperty("instances").EnumerateArray());
        Assert.Equal((NoSuchServer, "", "There is no instance \"man\". This fleet has none yet.\n"), await work.PgFleetAsync("status", "man"));
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("start", "man")).Code);
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("stop", "man")).Code);
        Assert.Equal((Success, "", ""), await work.PgFleetAsync("start", "--all"));
        Assert.False(Directory.Exists(work.Home));
    }

    [Fact]
    public async Task What_no_program_declares_any_more_is_deleted_by_name_unless_it_is_protected()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance(isProtected: true));
        await work.UpAsync();

        var refused = await work.PgFleetAsync("delete", "main", "--yes");
        Assert.Equal((1, ""), (refused.Code, refused.Out));
        Assert.Contains("deletionProtection", refused.Error, StringComparison.Ordinal);

        work.Write(Workplace.Instance());
        await work.UpAsync();
        var deleted = await work.PgFleetAsync("delete", "main", "--yes");
        Assert.Equal((Success, "main deleted\n"), (deleted.Code, deleted.Out));
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("delete", "main", "--yes")).Code);
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("unbind", "shop", "--yes")).Code);
    }

    [Fact]
    public async Task A_path_for_a_name_is_no_server()
    {
        await using var work = new Workplace();
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("status", "../../etc")).Code);
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("stop", "../../etc")).Code);
    }

    [Theory]
    [InlineData("start")]
    [InlineData("purge")]
    [InlineData("delete")]
    [InlineData("backup")]
    [InlineData("stop main --all")]
    [InlineData("status")]
    [InlineData("boot")]
    [InlineData("boot --install --remove")]
    [InlineData("restart main")]
    [InlineData("list --yaml")]
    public async Task Says_what_is_wrong_with_the_command_line(string line)
    {
        await using var work = new Workplace();
        var (code, output, error) = await work.PgFleetAsync(line.Split(' '));
        Assert.Equal((Usage, ""), (code, output));
        Assert.EndsWith("See pgfleet --help.\n", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gives_the_line_that_starts_the_servers_where_no_systemd_runs()
    {
        Assert.SkipWhen(Directory.Exists("/run/systemd/system") && Environment.IsPrivilegedProcess, "It would change this machine.");
        await using var work = new Workplace();
        var (code, output, _) = await work.PgFleetAsync("boot", "--install");
        Assert.Equal(Success, code);
        Assert.StartsWith("@reboot ", output, StringComparison.Ordinal);
        var words = output.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["start", "--all", "--for-machine", "--home", work.Home], words[2..]);
        Assert.True(File.Exists(words[1]));
        Assert.Equal(Success, (await work.PgFleetAsync("boot", "--remove")).Code);
    }

    /// <summary>The exit code, and the status in both output formats.</summary>
    private static async Task<(int Code, string Status)> StatusAsync(Workplace work)
    {
        var table = await work.PgFleetAsync("status", "main");
        var json = await work.PgFleetAsync("status", "main", "--json");
        Assert.Equal(table.Code, json.Code);
        Assert.Equal(Words(table.Out, line: 1)[1], Json(json).GetProperty("status").GetString());
        return (table.Code, Words(table.Out, line: 1)[1]);
    }

    private static string[] Words(string table, int line) => table.Split('\n')[line].Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static JsonElement Json((int Code, string Out, string Error) printed) => JsonDocument.Parse(printed.Out).RootElement;
}
