using System.CommandLine;
using PgFleet.Applications;
using PgFleet.Failures;
using PgFleet.Resources;
using PgFleet.Security;

namespace PgFleet.Commands;

/// <summary>Connects an application's own tools on this machine to a server of the fleet.</summary>
internal static class ConnectCommand
{
    public static Command Of(Func<FleetConfig, FleetServices> open)
    {
        var name = new Argument<string>("name") { Description = "The server's name." };
        var file = new Option<string>("--file") { Description = "The file to write.", HelpName = "path", DefaultValueFactory = _ => DbosConfig.FileName };
        var clear = new Option<bool>("--password-from-stdin") { Description = "Write the password that stands on the standard input, in clear, instead of ${PGPASSWORD}." };
        var command = new Command("connect", $"Write how to reach a server into an application's {DbosConfig.FileName}, and the certificate of its authority beside it ({ConnectedFile.CaFile}); what the file says now is kept.") { name, file, clear };
        command.SetAction((parsed, cancel) => CommandLine.RunAsync(async () =>
        {
            var path = parsed.GetRequiredValue(file);
            var found = await CommandLine.Instances(parsed, open).GetServerAsync(parsed.GetRequiredValue(name), cancel);
            var password = parsed.GetValue(clear) ? await ReadPasswordAsync() : null;
            var backup = await ConnectedFile.WriteAsync(path, new(found.Host, found.Port, found.Username, password, found.SslMode, found.CaCertificate), TimeProvider.System);
            await Console.Out.WriteLineAsync(backup is null ? $"{path} leads to \"{found.Name}\" already" : $"{path} leads to \"{found.Name}\"; what it was is in {backup}");
            await Console.Error.WriteLineAsync(Warning(found.Name) + (password is null ? "\nSet PGPASSWORD to the password of the server's user before you run one." : ""));
            return ExitCode.Success;
        }));
        return command;
    }

    private static string Warning(string server) =>
        $"From here on, migrations that you run by hand in this folder change the database on \"{server}\". Be careful with a database in production: no deploy takes "
        + "a manual schema change back, and an older version of the application that still runs may need a column that you drop or rename.";

    private static async Task<Secret> ReadPasswordAsync() =>
        await Console.In.ReadLineAsync() is { Length: > 0 } password
            ? password
            : throw new ResourceFailure(FailureKind.Refused, "There is no password on the standard input.", "Write it there, on a line of its own.");
}
