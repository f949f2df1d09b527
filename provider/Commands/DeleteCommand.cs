using System.CommandLine;
using PgFleet.Applications;
using PgFleet.Engines;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Resources;

namespace PgFleet.Commands;

/// <summary>Deletes what no program declares any more: a server, or an application that is still bound to one. Protected ones are refused.</summary>
internal static class DeleteCommand
{
    private static readonly Option<bool> Yes = new("--yes") { Description = "Do not ask." };

    public static Command Server(Func<FleetConfig, FleetServices> open)
    {
        var name = new Argument<string>("name") { Description = "The server's name." };
        var command = new Command("delete", "Delete a server that no program declares any more, finished or not; of a linked one, forget it. One that is protected, or has applications bound to it, is refused.") { name, Yes };
        command.SetAction((parsed, cancel) => CommandLine.RunAsync(async () =>
        {
            var fleet = CommandLine.Open(parsed, open);
            var server = await CommandLine.Instances(parsed, open).GetServerAsync(parsed.GetRequiredValue(name), cancel);
            if (server is ManagedServer { Status: not ServerStatus.Unfinished, Spec.Protected: true })
            {
                throw Protection.Refusal(server.Name);
            }
            RequireUnbound(fleet.Applications, server.Name);
            // An unfinished server holds no data, and nothing on a linked server changes.
            if (server is ManagedServer { Status: not ServerStatus.Unfinished })
            {
                await ConfirmAsync(parsed, server.Name, $"The server \"{server.Name}\" and every database on it will be deleted.");
            }
            var work = new OperationContext(cancel, warn: Console.Error.WriteLine);
            await (server is ManagedServer ? fleet.Engine.DeleteAsync(server.Name, work, new(server.Identity)) : fleet.Links.UnlinkAsync(server.Name, work, server.Identity));
            await Console.Out.WriteLineAsync($"{server.Name} {(server is ManagedServer ? "deleted" : "forgotten")}");
            return ExitCode.Success;
        }));
        return command;
    }

    public static Command Application(Func<FleetConfig, FleetServices> open)
    {
        var name = new Argument<string>("application") { Description = "The application's name." };
        var command = new Command("unbind", "Forget an application that no program declares any more, so that its server can go; its database stays. One on a protected server is refused.") { name, Yes };
        command.SetAction((parsed, cancel) => CommandLine.RunAsync(async () =>
        {
            var fleet = CommandLine.Open(parsed, open);
            var record = fleet.Applications.Find(parsed.GetRequiredValue(name))
                ?? throw new ResourceFailure(FailureKind.Missing, $"There is no application \"{parsed.GetRequiredValue(name)}\".", "Correct the name; \"pgfleet status\" shows what is bound to a server.");
            if (await fleet.Engine.FindAsync(record.Instance, cancel) is { Status: not ServerStatus.Unfinished, Spec.Protected: true } server)
            {
                throw Protection.Refusal(server.Name);
            }
            await ConfirmAsync(parsed, record.Name, $"The application \"{record.Name}\" and every version that was kept of it will be forgotten.");
            await fleet.Applications.DeleteAsync(record.Name, $"{record.Identity}", cancel);
            await Console.Out.WriteLineAsync($"{record.Name} unbound from {record.Instance}");
            return ExitCode.Success;
        }));
        return command;
    }

    private static void RequireUnbound(ApplicationStore applications, string server)
    {
        if (applications.BoundTo(server) is { Count: > 0 } bound)
        {
            throw new ResourceFailure(
                FailureKind.Refused,
                $"The server \"{server}\" has applications bound to it: {string.Join(", ", bound.Select(name => $"\"{name}\""))}.",
                $"Move them with their program, or let each go first: pgfleet unbind {bound[0]}");
        }
    }

    /// <summary>Asks the user to type the name; a script passes --yes.</summary>
    private static async Task ConfirmAsync(ParseResult parsed, string name, string what)
    {
        if (parsed.GetValue(Yes))
        {
            return;
        }
        await Console.Error.WriteLineAsync($"{what} Type its name to go on:");
        if ((await Console.In.ReadLineAsync())?.Trim() != name)
        {
            throw new ResourceFailure(FailureKind.Refused, $"\"{name}\" was not confirmed, and nothing was done.", "Type its name when asked, or write --yes.");
        }
    }
}
