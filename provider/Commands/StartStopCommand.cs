using System.CommandLine;
using PgFleet.Engines;
using PgFleet.Resources;

namespace PgFleet.Commands;

/// <summary>A command that does one thing to one server, or to all of them.</summary>
internal static class StartStopCommand
{
    /// <summary>
    /// Builds the command. <paramref name="act"/> receives a server's name and whether a person asks for it, and returns whether it was done.
    /// </summary>
    public static Command Of(
        string verbName, string description, string done, Option<bool> forMachine, Func<FleetConfig, FleetServices> open, Func<IStartStop, string, bool, CancellationToken, Task<bool>> act)
    {
        var name = new Argument<string?>("name") { Description = "The server's name.", Arity = ArgumentArity.ZeroOrOne };
        var all = new Option<bool>("--all") { Description = "Every server of the fleet." };
        var command = new Command(verbName, description) { name, all, forMachine };
        command.Validators.Add(result =>
        {
            if (result.GetValue(name) is null != result.GetValue(all))
            {
                result.AddError($"Write either a server's name or --all: pgfleet {verbName} NAME.");
            }
        });
        command.SetAction((parsed, cancel) => CommandLine.RunAsync(async () =>
        {
            var engine = CommandLine.Open(parsed, open).Engine;
            IReadOnlyList<string> names = parsed.GetValue(name) is { } one
                ? [one]
                : [.. (await engine.ListAsync(cancel)).Select(server => server.Name)];
            return await EachAsync(names, async each =>
            {
                if (await act(engine, each, !parsed.GetValue(forMachine), cancel))
                {
                    await Console.Out.WriteLineAsync($"{each} {done}");
                }
            });
        }));
        return command;
    }

    /// <summary>Continues with the other servers when one fails.</summary>
    private static async Task<int> EachAsync(IReadOnlyList<string> names, Func<string, Task> act)
    {
        var code = ExitCode.Success;
        foreach (var name in names)
        {
            code = Math.Max(code, await CommandLine.RunAsync(async () =>
            {
                await act(name);
                return ExitCode.Success;
            }));
        }
        return code;
    }
}
