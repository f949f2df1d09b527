using System.CommandLine;
using PgFleet.Failures;
using PgFleet.Functions;
using PgFleet.Resources;

namespace PgFleet.Commands;

/// <summary>The command line: results as a table or JSON on stdout, errors on stderr, and an exit code of <see cref="ExitCode"/>.</summary>
internal static class CommandLine
{
    private static readonly Option<string?> Home = new("--home")
    {
        Description = "The folder that holds the fleet; also PGFLEET_HOME.",
        HelpName = "directory",
        Recursive = true,
    };

    /// <summary>Written by <see cref="Engines.Local.Processes.BootUnit"/>: the machine boots or shuts down, and no person asks for it.</summary>
    private static readonly Option<bool> ForMachine = new("--for-machine") { Hidden = true };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON." };

    public static Task<int> RunAsync(string[] args, Func<FleetConfig, FleetServices> open)
    {
        var root = new RootCommand("pgfleet looks after the Postgres servers of a fleet. Servers are declared with Pulumi or Terraform; these verbs show, start and stop what exists.")
        {
            List(open), Status(open), Window(open), PurgeCommand.Of(open), Start(open), Stop(open), BackupCommand.Of(open), BootCommand.Of(open), Versions(open), ConnectCommand.Of(open), DeleteCommand.Server(open),
            DeleteCommand.Application(open),
        };
        root.Options.Add(Home);
        var parsed = root.Parse(args);
        return parsed.Errors.Count > 0 ? UsageAsync(parsed) : parsed.InvokeAsync();
    }

    private static Command List(Func<FleetConfig, FleetServices> open)
    {
        var deleted = new Option<bool>("--deleted") { Description = "Show instead the servers that were deleted and can still be restored." };
        var command = new Command(
            "list", $"Show every server and its status. With --deleted, exit code {ExitCode.Failure}: something that is kept does not read, and is not among what is shown.") { deleted, Json };
        command.SetAction((parsed, cancel) => RunAsync(async () =>
        {
            var found = await Instances(parsed, open).ListAsync(new(), cancel);
            if (!parsed.GetValue(deleted))
            {
                await Output.ListAsync(found, parsed.GetValue(Json));
                return ExitCode.Success;
            }
            await Output.DeletedAsync(found, parsed.GetValue(Json));
            foreach (var damage in found.Damaged)
            {
                await Console.Error.WriteLineAsync(damage);
            }
            return found.Damaged.Count == 0 ? ExitCode.Success : ExitCode.Failure;
        }));
        return command;
    }

    private static Command Status(Func<FleetConfig, FleetServices> open)
    {
        var name = new Argument<string>("name") { Description = "The server's name." };
        var command = new Command("status", $"Show one server. Exit code {ExitCode.Success}: available; {ExitCode.NotAvailable}: not; {ExitCode.NoSuchServer}: no such server.") { name, Json };
        command.SetAction((parsed, cancel) => RunAsync(async () =>
        {
            var found = await Instances(parsed, open).GetAsync(new() { Name = parsed.GetRequiredValue(name) }, cancel);
            await Output.StatusAsync(found, parsed.GetValue(Json));
            return found.Status == "available" ? ExitCode.Success : ExitCode.NotAvailable;
        }));
        return command;
    }

    private static Command Window(Func<FleetConfig, FleetServices> open)
    {
        var name = new Argument<string>("name") { Description = "The server's name; of one that was deleted, its name or its identity." };
        var command = new Command(
            "window", $"Show the instants that a server can be restored to. Exit code {ExitCode.Success}: there are some; {ExitCode.NotAvailable}: none; {ExitCode.NoSuchServer}: no such server.") { name, Json };
        command.SetAction((parsed, cancel) => RunAsync(async () =>
        {
            var found = await new RecoveryFunctions(Open(parsed, open).Engine).GetWindowAsync(new() { Name = parsed.GetRequiredValue(name) }, cancel);
            await Output.WindowAsync(parsed.GetRequiredValue(name), found, parsed.GetValue(Json));
            return found.Earliest is null ? ExitCode.NotAvailable : ExitCode.Success;
        }));
        return command;
    }

    private static Command Versions(Func<FleetConfig, FleetServices> open)
    {
        var name = new Argument<string>("application") { Description = "The application's name." };
        var command = new Command("versions", "Show the versions of an application, the newest last.") { name, Json };
        command.SetAction((parsed, cancel) => RunAsync(async () =>
        {
            var functions = new ApplicationFunctions(Open(parsed, open).Applications);
            await Output.VersionsAsync(await functions.ListVersionsAsync(new() { Application = parsed.GetRequiredValue(name) }, cancel), parsed.GetValue(Json));
            return ExitCode.Success;
        }));
        return command;
    }

    private static Command Start(Func<FleetConfig, FleetServices> open) => StartStopCommand.Of(
        "start", "Start a server that is stopped.", "started", ForMachine, open, (engine, name, byUser, cancel) => engine.StartAsync(name, byUser, cancel));

    private static Command Stop(Func<FleetConfig, FleetServices> open) => StartStopCommand.Of(
        "stop", "Stop a server; it stays stopped until it is started or an update of the stack mends it.", "stopped", ForMachine, open,
        async (engine, name, byUser, cancel) =>
        {
            await engine.StopAsync(name, byUser, cancel);
            return true;
        });

    internal static InstanceFunctions Instances(ParseResult parsed, Func<FleetConfig, FleetServices> open)
    {
        var fleet = Open(parsed, open);
        return new(fleet.Servers, fleet.Engine, fleet.Applications);
    }

    internal static FleetServices Open(ParseResult parsed, Func<FleetConfig, FleetServices> open) => open(FleetConfig.At(parsed.GetValue(Home)));

    /// <summary>Reports an expected failure in one line; a bug ends the program with its stack trace.</summary>
    internal static async Task<int> RunAsync(Func<Task<int>> body)
    {
        try
        {
            return await body();
        }
        catch (ResourceFailure failure)
        {
            await Console.Error.WriteLineAsync(failure.Text.ToString());
            return failure.Kind == FailureKind.Missing ? ExitCode.NoSuchServer : ExitCode.Failure;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Cancelled.");
            return ExitCode.Failure;
        }
    }

    private static async Task<int> UsageAsync(ParseResult parsed)
    {
        foreach (var error in parsed.Errors)
        {
            await Console.Error.WriteLineAsync(error.Message);
        }
        await Console.Error.WriteLineAsync("See pgfleet --help.");
        return ExitCode.Usage;
    }
}
