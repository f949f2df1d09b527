using System.CommandLine;
using PgFleet.Progress;
using PgFleet.Resources;

namespace PgFleet.Commands;

/// <summary>Deletes the kept archive of a deleted server before it expires.</summary>
internal static class PurgeCommand
{
    public static Command Of(Func<FleetConfig, FleetServices> open)
    {
        var name = new Argument<string>("name") { Description = "The deleted server's name, or its identity where several bore the name." };
        var command = new Command("purge", "Remove for good the archive and the backups of a server that was deleted.") { name };
        command.SetAction((parsed, cancel) => CommandLine.RunAsync(async () =>
        {
            var identity = await CommandLine.Open(parsed, open).Engine.PurgeAsync(parsed.GetRequiredValue(name), new OperationContext(cancel));
            await Console.Out.WriteLineAsync($"{identity} is removed for good");
            return ExitCode.Success;
        }));
        return command;
    }
}
