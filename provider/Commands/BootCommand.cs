using System.CommandLine;
using PgFleet.Resources;

namespace PgFleet.Commands;

/// <summary>Makes servers start at boot: installs a systemd unit, or prints the line to install elsewhere.</summary>
internal static class BootCommand
{
    public static Command Of(Func<FleetConfig, FleetServices> open)
    {
        var install = new Option<bool>("--install") { Description = "Start the servers whenever the machine starts." };
        var remove = new Option<bool>("--remove") { Description = "No longer do so." };
        var command = new Command("boot", "Say whether the fleet's servers are started with the machine.") { install, remove };
        command.Validators.Add(result =>
        {
            if (result.GetValue(install) == result.GetValue(remove))
            {
                result.AddError("Write either --install or --remove.");
            }
        });
        command.SetAction((parsed, cancel) => CommandLine.RunAsync(async () =>
        {
            var engine = CommandLine.Open(parsed, open).Engine;
            if (parsed.GetValue(remove))
            {
                await engine.Boot.RemoveAsync(cancel);
                await Console.Out.WriteLineAsync("The machine no longer starts the servers.");
            }
            else if (await engine.Boot.InstallAsync(cancel) is { } line)
            {
                await Console.Error.WriteLineAsync("No systemd of root's runs here. Put this line where the machine starts things, such as the crontab:");
                await Console.Out.WriteLineAsync(line);
            }
            else
            {
                await Console.Out.WriteLineAsync("The machine starts the servers whenever it starts.");
            }
            return ExitCode.Success;
        }));
        return command;
    }
}
