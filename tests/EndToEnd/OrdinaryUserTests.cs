using CliWrap;
using CliWrap.Buffered;

namespace PgFleet.EndToEnd;

/// <summary>The programs run by an ordinary user, who owns one folder and cannot change to another user.</summary>
public sealed class OrdinaryUserTests
{
    private const string Nobody = "nobody:nogroup";

    [Fact]
    [Trait("Requirement", "R7")]
    public async Task An_ordinary_user_makes_uses_and_destroys_a_server()
    {
        await using var work = new Workplace();
        await HandOverAsync(work);

        Assert.Contains("+  2 create", await RunAsync(work, "up", "--yes"), StringComparison.Ordinal);
        var uri = (await RunAsync(work, "stack", "output", "orders", "--show-secrets")).Trim();
        Assert.Equal("shopkeeper in orders", await Workplace.ScalarAsync(uri, "select current_user || ' in ' || current_database()"));

        var again = await RunAsync(work, "up", "--yes", "--skip-preview");
        Assert.Contains("2 same", again, StringComparison.Ordinal);
        Assert.DoesNotContain("update", again, StringComparison.Ordinal);

        await RunAsync(work, "destroy", "--yes");
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(work.Home, "instances")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(work.Home, "trash")));
    }

    /// <summary>Copies the programs too, because the user may not have access to the checkout.</summary>
    private static async Task HandOverAsync(Workplace work)
    {
        await Cli.Wrap("cp").WithArguments(["-r", work.Bin, Path.Combine(work.Folder, "bin")]).ExecuteAsync();
        await Cli.Wrap("cp").WithArguments(["-r", AppContext.BaseDirectory, Path.Combine(work.Folder, "engine")]).ExecuteAsync();
        work.Bin = Path.Combine(work.Folder, "bin");
        work.Write(Workplace.Instance() + Workplace.Database("orders", "connection: ${main.connectionUri}"), "orders: ${orders.connectionUri}");
        if (Environment.IsPrivilegedProcess)
        {
            await Cli.Wrap("chown").WithArguments(["-R", Nobody, work.Folder]).ExecuteAsync();
        }
    }

    private static async Task<string> RunAsync(Workplace work, params string[] arguments)
    {
        string[] user = Environment.IsPrivilegedProcess ? ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"] : [];
        string[] command = [.. user, Path.Combine(work.Folder, "engine", "minien"), .. arguments];
        var result = await Cli.Wrap(command[0]).WithArguments(command[1..])
            .WithWorkingDirectory(work.Project)
            .WithEnvironmentVariables(environment => environment
                .Set("HOME", work.Folder)
                .Set("PGFLEET_HOME", work.Home)
                .Set("PULUMI_CONFIG_PASSPHRASE", "tests"))
            .WithValidation(CommandResultValidation.None)
            .ExecuteBufferedAsync();
        Assert.True(result.IsSuccess, result.StandardOutput + result.StandardError);
        return result.StandardOutput;
    }
}
