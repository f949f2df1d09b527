using System.CommandLine;
using PgFleet.Progress;
using PgFleet.Resources;

namespace PgFleet.Commands;

/// <summary>Takes a base backup now, for example before a risky change, or after a gap in the archive.</summary>
internal static class BackupCommand
{
    public static Command Of(Func<FleetConfig, FleetServices> open)
    {
        var name = new Argument<string>("name") { Description = "The server's name." };
        var command = new Command(
            "backup", $"Take a base backup of a server now, and wait for it. Exit code {ExitCode.Success}: there is one; {ExitCode.Failure}: it failed; {ExitCode.NoSuchServer}: no such server.") { name };
        command.SetAction((parsed, cancel) => CommandLine.RunAsync(async () =>
        {
            var server = parsed.GetRequiredValue(name);
            var backup = await CommandLine.Open(parsed, open).Engine.BackUpAsync(server, new(cancel, new Lines()));
            await Console.Out.WriteLineAsync($"{server} backed up: {backup}");
            return ExitCode.Success;
        }));
        return command;
    }

    /// <summary>Writes a line to stderr for each step, and for each tenth of it.</summary>
    private sealed class Lines : IProgress<Step>
    {
        private string last = "";

        public void Report(Step value)
        {
            var line = value is { Done: { } done, Of: > 0 and var of } ? $"{value.Name}: {done * 10 / of * 10} % of {of >> 20} MB" : value.Name;
            if (line != last)
            {
                last = line;
                Console.Error.WriteLine(line);
            }
        }
    }
}
