using System.Globalization;
using PgFleet.Platform;

namespace PgFleet.Tests.Platform;

public sealed class ShellCommandTests
{
    private static readonly Dictionary<string, string?> Nothing = [];

    [Fact]
    public async Task A_program_that_a_command_leaves_behind_does_not_hold_it_up()
    {
        var result = await RunAsync("setsid sleep 120 & echo $!").WaitAsync(TimeSpan.FromSeconds(30));
        Processes.Send(Signal.Kill, int.Parse(result.Output, CultureInfo.InvariantCulture));
        Assert.Equal(0, result.Code);
    }

    [Fact]
    public async Task Both_streams_are_told_whole_and_apart()
    {
        var result = await RunAsync("echo one; echo two >&2; exit 3");
        Assert.Equal(new ShellResult(3, "one\n", "two\n"), result);
    }

    private static Task<ShellResult> RunAsync(string command) => new ShellCommand(command, "/", Nothing).RunAsync(TestContext.Current.CancellationToken);
}
