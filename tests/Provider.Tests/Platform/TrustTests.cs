using System.Diagnostics;
using PgFleet.Engines;
using PgFleet.Engines.Local;
using PgFleet.Engines.Local.Helper;
using PgFleet.Engines.Local.Processes;
using PgFleet.Failures;
using PgFleet.Platform;
using PgFleet.Tests.Engines.Local;

namespace PgFleet.Tests.Platform;

/// <summary>Another user of the machine created, or can change, what root is about to use.</summary>
[Trait("Requirement", "R-security")]
public sealed class TrustTests : IAsyncLifetime
{
    private readonly TestHome home = new();
    private readonly string parent = Directory.CreateTempSubdirectory("pgf-trust-").FullName;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "needs root");
        File.SetUnixFileMode(parent, Modes.Program);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await Processes.EndServersAsync(parent);
        Directory.Delete(parent, recursive: true);
        await home.DisposeAsync();
    }

    [Theory]
    [InlineData("h")]
    [InlineData("h/bin")]
    [InlineData("h/instances")]
    public async Task A_home_in_which_somebody_else_has_made_something_is_used_for_nothing(string made)
    {
        var (engine, marker) = (Engine("h"), Path.Combine(parent, "marker"));
        foreach (var folder in (string[])["h", "h/instances", "h/bin"])
        {
            Directory.CreateDirectory(Path.Combine(parent, folder), Modes.Program);
        }
        var helper = Path.Combine(parent, "h", "bin", Path.GetFileName(Path.GetDirectoryName(engine.Boot.Text.Split("ExecStart=")[1].Split(' ')[0])!), "pgfleet");
        Directory.CreateDirectory(Path.GetDirectoryName(helper)!, Modes.Program);
        await File.WriteAllTextAsync(helper, $"#!/bin/sh\ntouch {marker}\n");
        File.SetUnixFileMode(helper, Modes.Program);
        GiveToNobody(Path.Combine(parent, made));

        var problems = (await engine.PreflightAsync(null, TestHome.Spec(), CancellationToken.None)).Select(problem => problem.Reason.ToString()).ToList();
        Assert.Contains(problems, reason => reason.Contains($"\"{parent}/{made}\" belongs to another user", StringComparison.Ordinal));
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => engine.CreateAsync(TestHome.Spec(), TestHome.Unhurried()));
        Assert.Contains($"The home \"{parent}/h\" is not used: \"{parent}/{made}\" belongs to another user", refusal.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(marker));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_part_that_lies_elsewhere_behind_a_link_is_judged_where_it_lies(bool isForeign)
    {
        var elsewhere = Directory.CreateDirectory(Path.Combine(parent, "disk"), Modes.Program).FullName;
        Directory.CreateDirectory(Path.Combine(parent, "h"), Modes.Program);
        Directory.CreateSymbolicLink(Path.Combine(parent, "h", "instances"), elsewhere);
        if (isForeign)
        {
            GiveToNobody(elsewhere);
        }
        var problems = (await Engine("h").PreflightAsync(null, TestHome.Spec(), CancellationToken.None)).Select(problem => problem.Reason.ToString()).ToList();
        Assert.Equal(isForeign, problems.Any(reason => reason.Contains($"\"{parent}/h/instances\" belongs to another user", StringComparison.Ordinal)));
        Assert.DoesNotContain(problems, reason => reason.Contains("written by everybody", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("bin")]
    [InlineData("bin/*")]
    [InlineData("bin/*/pgfleet")]
    public async Task A_helper_that_somebody_else_could_change_is_not_run(string which)
    {
        var engine = Engine("h");
        new HelperProgram(new(Path.Combine(parent, "h")), home.Options.ProgramFolder).Install();
        var path = Directory.EnumerateFileSystemEntries(Path.Combine(parent, "h", Path.GetDirectoryName(which)!.Replace("*", Hash(), StringComparison.Ordinal)), Path.GetFileName(which)).Single();
        File.SetUnixFileMode(path, File.GetUnixFileMode(path) | UnixFileMode.OtherWrite);

        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => engine.CreateAsync(TestHome.Spec(), TestHome.Unhurried()));
        Assert.Contains($"\"{path}\" can be written by everybody", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_home_below_another_user_s_folder_is_refused_in_the_preview()
    {
        GiveToNobody(parent);
        var problems = (await Engine("h").PreflightAsync(null, TestHome.Spec(), CancellationToken.None)).Select(problem => problem.Reason.ToString()).ToList();
        Assert.Contains(problems, reason => reason.Contains($"\"{parent}\" belongs to another user", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_home_that_everybody_writes_is_refused_in_the_preview_though_nobody_takes_away_what_is_another_s()
    {
        var folder = Directory.CreateDirectory(Path.Combine(parent, "h"));
        folder.UnixFileMode = (UnixFileMode)0b1_111_111_111; // as /tmp
        var problems = (await Engine("h").PreflightAsync(null, TestHome.Spec(), CancellationToken.None)).Select(problem => problem.Reason.ToString()).ToList();
        Assert.Contains(problems, reason => reason.Contains($"\"{folder.FullName}\" can be written by everybody", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_machine_starts_nothing_as_root_that_another_user_could_exchange()
    {
        var engine = Engine("h");
        GiveToNobody(parent);
        var refusal = await Assert.ThrowsAsync<ResourceFailure>(() => engine.Boot.InstallAsync(CancellationToken.None));
        Assert.Contains("is not made to start with the machine", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Any user can have a process with this working directory and program name; in this test root does.</summary>
    [Fact]
    public async Task Nobody_else_poses_as_a_server_s_process()
    {
        await home.CreateAsync();
        var program = Path.Combine(parent, "postgres");
        File.Copy("/bin/sleep", program);
        File.SetUnixFileMode(program, Modes.Program);
        await home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/setpriv", ["--reuid=65534", "--regid=65534", "--clear-groups", program, "600"]) { WorkingDirectory = home.Paths().Data })!;
        try
        {
            await Eventually.TrueAsync(() => ProcessFiles.Program(other.Id) == program, "it runs");
            Assert.Null(Postmaster.Find(home.Paths().Data));
            Assert.Equal(ServerStatus.Stopped, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
            await home.Engine.StartAsync("main", byUser: true, CancellationToken.None);
            Assert.Equal(ServerStatus.Available, (await home.Engine.FindAsync("main", CancellationToken.None))!.Status);
            await home.Engine.StopAsync("main", byUser: true, CancellationToken.None);
        }
        finally
        {
            other.Kill();
            await other.WaitForExitAsync();
        }
    }

    private LocalEngine Engine(string folder) => new(home.Options with { Home = Path.Combine(parent, folder) }, TimeProvider.System);

    private string Hash() => Path.GetFileName(Assert.Single(Directory.EnumerateDirectories(Path.Combine(parent, "h", "bin"))));

    private static void GiveToNobody(string path)
    {
        var nobody = Ownership.FindUser("nobody")!;
        Ownership.Give(path, nobody.User, nobody.Group);
    }
}
