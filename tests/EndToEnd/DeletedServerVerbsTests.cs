using System.Text.Json;

namespace PgFleet.EndToEnd;

/// <summary>Deleted servers on the command line.</summary>
public sealed class DeletedServerVerbsTests
{
    private const int Success = 0, Failure = 1, NoSuchServer = 4;

    [Fact]
    public async Task A_server_is_deleted_when_its_name_is_typed_listed_looked_at_and_purged()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance());
        await work.UpAsync();

        var unsaid = await work.AnsweredPgFleetAsync("man\n", "delete", "main");
        Assert.Equal((Failure, ""), (unsaid.Code, unsaid.Out));
        Assert.Contains("every database on it will be deleted", unsaid.Error, StringComparison.Ordinal);
        Assert.Contains("\"main\" was not confirmed, and nothing was done", unsaid.Error, StringComparison.Ordinal);
        Assert.Equal(Success, (await work.PgFleetAsync("status", "main")).Code);
        Assert.Equal((Success, "No deleted server is kept.\n", ""), await work.PgFleetAsync("list", "--deleted"));

        var first = await DeletedAsync(work);
        var table = (await work.PgFleetAsync("list", "--deleted")).Out.Split('\n');
        Assert.Equal(["IDENTITY", "DELETED", "KEPT", "UNTIL", "VERSION", "USER", "CREATED"], Words(table[0]));
        Assert.Equal(first, Words(table[1])[0]);
        Assert.Equal("This fleet has no servers.\n", (await work.PgFleetAsync("list")).Out);
        var gone = await work.PgFleetAsync("status", "main");
        Assert.Equal(NoSuchServer, gone.Code);
        Assert.Contains($"whose sourceInstance is \"{first}\" brings it back", gone.Error, StringComparison.Ordinal);
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("delete", "main", "--yes")).Code);

        foreach (var asked in new[] { "main", first })
        {
            var window = await work.PgFleetAsync("window", asked);
            Assert.Equal(Success, window.Code);
            Assert.StartsWith("earliest  ", window.Out, StringComparison.Ordinal);
            Assert.Contains($"{first} was deleted at ", window.Out, StringComparison.Ordinal);
            Assert.Equal(first, Json(await work.PgFleetAsync("window", asked, "--json")).GetProperty("deletedIdentity").GetString());
        }
        var unknown = await work.PgFleetAsync("window", "main@00000000");
        Assert.Equal(NoSuchServer, unknown.Code);
        Assert.Contains(first, unknown.Error, StringComparison.Ordinal);

        // A second server of the name is deleted too: which one is meant is never guessed.
        await work.Stack.RefreshAsync();
        await work.UpAsync();
        var second = await DeletedAsync(work);
        Assert.NotEqual(first, second);
        foreach (var verb in new[] { "window", "purge" })
        {
            var unclear = await work.PgFleetAsync(verb, "main");
            Assert.Equal((Failure, ""), (unclear.Code, unclear.Out));
            Assert.Contains(first, unclear.Error, StringComparison.Ordinal);
            Assert.Contains(second, unclear.Error, StringComparison.Ordinal);
        }
        Assert.Equal((Success, $"{first} is removed for good\n", ""), await work.PgFleetAsync("purge", first));
        var again = await work.PgFleetAsync("purge", first);
        Assert.Equal((NoSuchServer, ""), (again.Code, again.Out));
        Assert.Contains($"These are kept: \"{second}\"", again.Error, StringComparison.Ordinal);

        // A damaged description is reported, and the server neither listed nor deleted.
        var description = Path.Combine(Assert.Single(Directory.GetDirectories(Path.Combine(work.Home, "deleted"))), "deleted.json");
        var text = await File.ReadAllTextAsync(description);
        await File.WriteAllTextAsync(description, text[..20]);
        var damaged = await work.PgFleetAsync("list", "--deleted");
        Assert.Equal((Failure, "No deleted server is kept whose description reads.\n"), (damaged.Code, damaged.Out));
        Assert.Contains($"\"{description}\" is damaged", damaged.Error, StringComparison.Ordinal);
        Assert.Contains("is damaged", Assert.Single(Json(await work.PgFleetAsync("list", "--json")).GetProperty("damaged").EnumerateArray()).GetString(), StringComparison.Ordinal);
        foreach (var verb in new[] { "window", "purge" })
        {
            var refused = await work.PgFleetAsync(verb, "main");
            Assert.Equal((NoSuchServer, ""), (refused.Code, refused.Out));
            Assert.Contains($"\"{description}\" is damaged", refused.Error, StringComparison.Ordinal);
        }
        await File.WriteAllTextAsync(description, text);

        Assert.Equal((Success, $"{second} is removed for good\n", ""), await work.PgFleetAsync("purge", "main"));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(work.Home, "deleted")));
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("window", "main")).Code);
    }

    [Fact]
    public async Task A_base_backup_is_taken_now_or_it_is_said_why_not()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance());
        await work.UpAsync();
        var backups = Path.Combine(work.Home, "instances", "main", "archive", "backups");

        var taken = await work.PgFleetAsync("backup", "main");
        Assert.Equal(Success, taken.Code);
        Assert.StartsWith("main backed up: ", taken.Out, StringComparison.Ordinal);
        Assert.True(Directory.Exists(Path.Combine(backups, taken.Out.Trim().Split(' ')[^1])));
        Assert.Equal(NoSuchServer, (await work.PgFleetAsync("backup", "man")).Code);

        // A file that the servers' user cannot remove is in the way.
        Directory.Move(backups, $"{backups}.aside");
        await File.WriteAllTextAsync(backups, "");
        var failed = await work.PgFleetAsync("backup", "main");
        Assert.Equal((Failure, ""), (failed.Code, failed.Out));
        Assert.Contains("The base backup of \"main\" came to nothing: ", failed.Error, StringComparison.Ordinal);
        File.Delete(backups);
        Directory.Move($"{backups}.aside", backups);

        Assert.Equal(Success, (await work.PgFleetAsync("stop", "main")).Code);
        var stopped = await work.PgFleetAsync("backup", "main");
        Assert.Equal((Failure, ""), (stopped.Code, stopped.Out));
        Assert.Contains("stopped", stopped.Error, StringComparison.Ordinal);
    }

    /// <returns>The identity of the deleted server.</returns>
    private static async Task<string> DeletedAsync(Workplace work)
    {
        var deleted = await work.AnsweredPgFleetAsync("main\n", "delete", "main");
        Assert.Equal((Success, "main deleted\n"), (deleted.Code, deleted.Out));
        var identity = Json(await work.PgFleetAsync("list", "--deleted", "--json")).GetProperty("deleted").EnumerateArray().Last().GetProperty("identity").GetString()!;
        Assert.Contains($"pgfleet purge {identity}", deleted.Error, StringComparison.Ordinal);
        return identity;
    }

    private static string[] Words(string line) => line.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private static JsonElement Json((int Code, string Out, string Error) printed) => JsonDocument.Parse(printed.Out).RootElement;
}
