using System.Globalization;
using System.Runtime.InteropServices;
using PgFleet.Failures;
using PgFleet.Platform;

namespace PgFleet.Tests.Platform;

/// <summary>What a process of the servers' user receives from the provider, and the limits of its time and memory.</summary>
public sealed class ServiceProcessTests
{
    private const int NoFlags = 0;
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(2);

    private readonly ServiceAccount account = new(ScratchServer.ServiceUser);

    [Fact]
    public async Task It_has_a_session_of_its_own_no_terminal_and_no_way_to_new_privileges()
    {
        // proc(5), stat: pid, (name), state, ppid, group, session, terminal.
        var stat = (await account.RunAsync(CancellationToken.None, "cat", "/proc/self/stat")).Split(' ');
        Assert.Equal((stat[0], stat[0], "0"), (stat[4], stat[5], stat[6]));

        var status = await account.RunAsync(CancellationToken.None, "grep", "-E", "^(NoNewPrivs|CapPrm|CapEff|CapBnd|CapInh|CapAmb)", "/proc/self/status");
        var lines = status.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(":\t")).ToDictionary(pair => pair[0], pair => pair[1]);
        if (Environment.IsPrivilegedProcess)
        {
            Assert.Equal("1", lines["NoNewPrivs"]);
            Assert.All(lines.Where(line => line.Key.StartsWith("Cap", StringComparison.Ordinal)), line => Assert.Equal("0000000000000000", line.Value));
        }
    }

    [Fact]
    public async Task It_inherits_no_descriptor_and_no_variable()
    {
        var left = Open("/etc/passwd\0"u8.ToArray(), NoFlags); // like a caller that does not set close-on-exec
        try
        {
            Environment.SetEnvironmentVariable("PGFLEET_TEST_SECRET", "s3cret");
            var open = (await account.RunAsync(CancellationToken.None, "sh", "-c", "ls -l /proc/$$/fd")).Split('\n');
            Assert.DoesNotContain(open, line => line.Contains("/etc/passwd", StringComparison.Ordinal));
            Assert.DoesNotContain("s3cret", await account.RunAsync(CancellationToken.None, "env"), StringComparison.Ordinal);
        }
        finally
        {
            _ = Close(left);
        }
    }

    [Fact]
    public async Task One_that_says_more_and_more_is_ended()
    {
        var failure = await Assert.ThrowsAsync<ResourceFailure>(() => account.RunAsync(CancellationToken.None, "cat", "/dev/zero"));
        Assert.Contains("says more than 1 MiB", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_does_not_end_is_ended_with_what_it_has_started()
    {
        var folder = await ScratchServer.MakeFolderAsync();
        try
        {
            var failure = await Assert.ThrowsAsync<ResourceFailure>(() =>
                account.RunAsync(Short, CancellationToken.None, "sh", "-c", """echo $$ >"$0/pid"; mkfifo "$0/pipe"; cat "$0/pipe" & wait""", folder));
            Assert.Contains("has not ended after 2 s", failure.Message, StringComparison.Ordinal);
            var group = int.Parse(await File.ReadAllTextAsync($"{folder}/pid"), CultureInfo.InvariantCulture);
            await Eventually.TrueAsync(() => !ProcessFiles.All().Any(pid => pid == group || ProcessFiles.Parent(pid) == group), "it has ended, and its child");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task One_that_leaves_its_streams_to_another_session_holds_nobody_up()
    {
        var folder = await ScratchServer.MakeFolderAsync();
        try
        {
            var failure = await Assert.ThrowsAsync<ResourceFailure>(() =>
                account.RunAsync(CancellationToken.None, "sh", "-c", """setsid sh -c 'echo $$ >"$0/pid"; exec sleep 600' "$0" & while ! test -s "$0/pid"; do sleep 0.1; done""", folder));
            Assert.Contains("has ended, but its streams are held open", failure.Message, StringComparison.Ordinal);
        }
        finally
        {
            Processes.Send(Signal.Kill, int.Parse(await File.ReadAllTextAsync($"{folder}/pid"), CultureInfo.InvariantCulture));
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task What_it_says_moves_no_cursor() =>
        Assert.Equal("a\uFFFD[2Jb\n", await account.RunAsync(CancellationToken.None, "printf", @"a\033[2Jb\n"));

    [DllImport("libc", EntryPoint = "open")]
    private static extern int Open(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "close")]
    private static extern int Close(int descriptor);
}
