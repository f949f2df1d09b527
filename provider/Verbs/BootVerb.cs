using System.CommandLine;
using PgFleet.Engines.Local;
using PgFleet.Resources;

namespace PgFleet.Verbs;

/// <summary>Servers after a reboot: a systemd unit where systemd runs, or the line to put elsewhere.</summary>
internal static class BootVerb
{
    public static Command Of(Func<FleetConfig, LocalEngine> open)
    {
        var install = new Option<bool>("--install") { Description = "Start the servers whenever the machine starts." };
        var remove = new Option<bool>("--remove") { Description = "No longer do so." };
        var verb = new Command("boot", "Say whether the fleet's servers are started with the machine.") { install, remove };
        verb.Validators.Add(result =>
        {
            if (result.GetValue(install) == result.GetValue(remove))
            {
                result.AddError("Write either --install or --remove.");
            }
        });
        verb.SetAction((parsed, cancel) => CommandLine.RunAsync(async () =>
        {
            var engine = CommandLine.Engine(parsed, open);
            await Console.Out.WriteLineAsync(parsed.GetValue(install)
                ? await engine.Boot.InstallAsync(cancel)
                : await engine.Boot.RemoveAsync(cancel));
            return ExitCode.Success;
        }));
        return verb;
    }
}
