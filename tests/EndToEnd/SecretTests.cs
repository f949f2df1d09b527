using System.Text;

namespace PgFleet.EndToEnd;

/// <summary>Places where a password must not appear: files, processes, and output.</summary>
public sealed class SecretTests
{
    private const string First = "sesame-7f3a91", Second = "barbecue-0c52de";

    [Fact]
    public async Task A_password_and_its_change_are_seen_nowhere()
    {
        await using var work = new Workplace();
        _ = new AppFolder(work, "psql -qc 'create table if not exists t ()'");
        work.Write(
            Workplace.Instance() + Workplace.Database("orders", "connection: ${main.connectionUri}") + AppFolder.Declaration("connection: ${main.connectionUri}"),
            "orders: ${orders.connectionUri}\nport: ${main.port}");
        using var end = new CancellationTokenSource();
        var watch = Task.Run(() => WatchProcesses(end.Token));

        var made = await UpAsync(work, First);
        Assert.Equal(1, await Workplace.ScalarAsync((string)made.Outputs["orders"]!, "select 1"));
        var changed = await UpAsync(work, Second);
        Assert.Equal(1, await Workplace.ScalarAsync((string)changed.Outputs["orders"]!, "select 1"));
        await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Workplace.ConnectAsync((string)made.Outputs["orders"]!));

        await end.CancelAsync();
        Assert.Empty(await watch);
        Assert.NotEmpty(FilesWith(work.Home, "shopkeeper"));
        Assert.NotEmpty(FilesWith(work.Project, Workplace.Password)); // the program's own default, in clear
        foreach (var password in (string[])[First, Second])
        {
            Assert.Empty(FilesWith(work.Folder, password));
            Assert.DoesNotContain(password, (await work.PgFleetAsync("list", "--json")).Out, StringComparison.Ordinal);
            Assert.DoesNotContain(password, (await work.PgFleetAsync("status", "main", "--json")).Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_password_that_is_refused_is_not_quoted()
    {
        await using var work = new Workplace();
        work.Write(Workplace.Instance());
        await work.Stack.ConfigureAsync("password", "seven-7", secret: true);
        var refused = await work.Stack.UpAsync();
        Assert.False(refused.Succeeded);
        Assert.Contains("password", Workplace.Told(refused), StringComparison.Ordinal);
        Assert.DoesNotContain("seven-7", Workplace.Told(refused), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_migration_s_password_is_seen_nowhere_but_in_its_environment()
    {
        await using var work = new Workplace();
        var seen = Path.Combine(Path.GetTempPath(), $"pgf-{Guid.NewGuid():N}");
        try
        {
            _ = new AppFolder(work, $"printf %s \"$PGPASSWORD\" > {seen}; tr '\\0' ' ' < /proc/$PPID/cmdline; tr '\\0' ' ' < /proc/$$/cmdline; echo $PGPASSWORD; echo $DBOS_DATABASE_URL >&2; exit 1");
            work.Write(Workplace.Instance() + AppFolder.Declaration());
            var failed = await work.Stack.UpAsync();
            var password = await File.ReadAllTextAsync(seen);
            Assert.Equal(32, password.Length);
            Assert.DoesNotContain(password, Workplace.Told(failed), StringComparison.Ordinal);
            Assert.Equal(2, Workplace.Told(failed).Split('\n').Distinct().Count(line => line.Contains("[secret]", StringComparison.Ordinal)));
            Assert.Empty(FilesWith(work.Folder, password));
        }
        finally
        {
            File.Delete(seen);
        }
    }

    /// <summary>A run's output in clear, without secret outputs.</summary>
    private static async Task<global::MiniEngine.StackResult> UpAsync(Workplace work, string password)
    {
        await work.Stack.ConfigureAsync("password", password, secret: true);
        var result = await work.UpAsync();
        Assert.Equal(["orders"], result.SecretOutputs);
        Assert.All(result.Diagnostics, diagnostic => Assert.DoesNotContain(password, diagnostic.Message, StringComparison.Ordinal));
        Assert.All(
            result.Resources.SelectMany(resource => resource.Outputs.Where(output => !resource.SecretOutputs.Contains(output.Key))),
            output => Assert.DoesNotContain(password, output.Value?.ToJsonString() ?? "", StringComparison.Ordinal));
        return result;
    }

    /// <returns>The command lines and environments of all processes on this machine that contained a password.</returns>
    private static HashSet<string> WatchProcesses(CancellationToken cancel)
    {
        var found = new HashSet<string>();
        while (!cancel.IsCancellationRequested)
        {
            found.UnionWith(Directory.EnumerateDirectories("/proc")
                .Where(folder => int.TryParse(Path.GetFileName(folder), out _))
                .SelectMany(folder => (string[])[$"{folder}/cmdline", $"{folder}/environ"])
                .Where(file => Has(file, First) || Has(file, Second)));
            cancel.WaitHandle.WaitOne(20);
        }
        return found;
    }

    private static string[] FilesWith(string folder, string text) =>
        [.. Directory.EnumerateFiles(folder, "*", new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }).Where(file => Has(file, text))];

    private static bool Has(string file, string text)
    {
        try
        {
            return File.ReadAllBytes(file).AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException) // it has ended, is a socket, or belongs to another user
        {
            return false;
        }
    }
}
