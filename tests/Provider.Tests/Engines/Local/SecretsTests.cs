namespace PgFleet.Tests.Engines.Local;

/// <summary>A password is stored only as a verifier.</summary>
public sealed class SecretsTests
{
    private const string Changed = "th3-changed-one-9c2e";
    private const string Accented = "pässwörd-ﬁnal-ßtrong"; // not ASCII, so normalised by the server

    [Fact]
    [Trait("Requirement", "R6")]
    public async Task No_password_is_in_a_file_or_in_a_process()
    {
        await using var home = new TestHome();
        using var ended = new CancellationTokenSource();
        var seen = WatchProcessesAsync(ended.Token);
        await home.CreateAsync(TestHome.Spec() with { Parameters = TestHome.Spec().Parameters.Add("log_statement", "all").Add("log_min_duration_statement", "0") });
        await home.ApplyAsync(TestHome.Spec(password: Changed) with { Parameters = TestHome.Spec().Parameters.Add("log_statement", "all") });
        await home.ApplyAsync(TestHome.Spec(password: Accented) with { Parameters = TestHome.Spec().Parameters.Add("log_statement", "all") });
        await home.AskAdminAsync("checkpoint");
        await ended.CancelAsync();

        Assert.Empty(await seen);
        foreach (var password in (string[])[TestHome.Password, Changed, Accented])
        {
            var found = await CliWrap.Cli.Wrap("grep").WithArguments(["-rlaF", password, home.Folder]).WithValidation(CliWrap.CommandResultValidation.None)
                .WithStandardOutputPipe(CliWrap.PipeTarget.ToDelegate(line => throw new InvalidOperationException($"{line} holds {password}"))).ExecuteAsync();
            Assert.Equal(1, found.ExitCode); // grep's exit code for no match
        }
        var logged = await CliWrap.Cli.Wrap("grep").WithArguments(["-rlaF", "SCRAM-SHA-256$", home.Paths().Log]).WithValidation(CliWrap.CommandResultValidation.None).ExecuteAsync();
        Assert.Equal(1, logged.ExitCode);
    }

    private static async Task<List<string>> WatchProcessesAsync(CancellationToken cancel)
    {
        await Task.Yield();
        var seen = new List<string>();
        while (!cancel.IsCancellationRequested)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => char.IsAsciiDigit(Path.GetFileName(path)[0])))
            {
                seen.AddRange(((string[])["cmdline", "environ"]).Select(file => Read(Path.Combine(process, file))).Where(HoldsPassword));
            }
            await Task.Delay(5, CancellationToken.None);
        }
        return seen;
    }

    private static bool HoldsPassword(string text) =>
        text.Contains(TestHome.Password, StringComparison.Ordinal) || text.Contains(Changed, StringComparison.Ordinal) || text.Contains(Accented, StringComparison.Ordinal);

    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
