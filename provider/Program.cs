using PgFleet.Engines;
using PgFleet.Engines.Linked;
using PgFleet.Engines.Local;
using PgFleet.Engines.Local.Archive;
using PgFleet.Functions;
using PgFleet.Protocols;
using PgFleet.Protocols.Pulumi;
using PgFleet.Resources;
using PgFleet.Resources.Database;
using PgFleet.Resources.DatabaseInstance;
using PgFleet.Resources.LinkedInstance;
using PgFleet.Resources.RestoredInstance;
using PgFleet.Verbs;

// One program under several names: servers call it to archive, Pulumi's engine to provide, people to look after their servers.
if (ArchiveProgram.Handles(args))
{
    return await ArchiveProgram.RunAsync(args);
}
switch (Path.GetFileNameWithoutExtension(Environment.ProcessPath))
{
    case "pulumi-resource-pgfleet":
        return await PulumiServer.RunAsync(args, Compose);
    case "terraform-provider-pgfleet":
        await Console.Error.WriteLineAsync("This version of pgfleet does not speak Terraform's protocol yet; use it from Pulumi.");
        return ExitCode.Failure;
    default:
        return await CommandLine.RunAsync(args, Engine, config => new AllServers(Engine(config), Links(config)));
}

internal static partial class Program
{
    internal static LocalEngine Engine(FleetConfig config) => new(OptionsOf(config), TimeProvider.System);

    internal static LinkedEngine Links(FleetConfig config) => new(OptionsOf(config), TimeProvider.System);

    /// <summary>Everything a user can declare or ask for.</summary>
    internal static Fleet Compose(FleetConfig config)
    {
        var (engine, links) = (Engine(config), Links(config));
        var servers = new AllServers(engine, links);
        var guard = new FleetGuard(engine, $"the home \"{engine.Root}\" on {Environment.MachineName}");
        var instances = new InstanceFunctions(servers);
        var (records, functions) = (RecordContext.Default, FunctionContext.Default);
        return new(
            [
                new TypedResource<DatabaseInstanceArgs, DatabaseInstanceOutputs>(
                    "DatabaseInstance", records.DatabaseInstanceArgs, records.DatabaseInstanceOutputs, new DatabaseInstanceHandler(engine), guard),
                new TypedResource<RestoredInstanceArgs, RestoredInstanceOutputs>(
                    "RestoredInstance", records.RestoredInstanceArgs, records.RestoredInstanceOutputs, new RestoredInstanceHandler(engine), guard),
                new TypedResource<LinkedInstanceArgs, LinkedInstanceOutputs>(
                    "LinkedInstance", records.LinkedInstanceArgs, records.LinkedInstanceOutputs, new LinkedInstanceHandler(links), guard),
                new TypedResource<DatabaseArgs, DatabaseOutputs>(
                    "Database", records.DatabaseArgs, records.DatabaseOutputs, new DatabaseHandler(servers), guard),
            ],
            [
                new TypedFunction<ListInstancesArgs, ListInstancesResult>(
                    "listInstances", functions.ListInstancesArgs, functions.ListInstancesResult, instances.ListAsync),
                new TypedFunction<GetInstanceArgs, InstanceSummary>(
                    "getInstance", functions.GetInstanceArgs, functions.InstanceSummary, instances.GetAsync),
                new TypedFunction<GetRecoveryWindowArgs, RecoveryWindowResult>(
                    "getRecoveryWindow", functions.GetRecoveryWindowArgs, functions.RecoveryWindowResult, new RecoveryFunctions(engine).GetWindowAsync),
            ]);
    }

    private static LocalOptions OptionsOf(FleetConfig config) => LocalOptions.Of(config.Home, config.BinDirectories, config.ServiceUser);
}
