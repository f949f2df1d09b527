using PgFleet.Archives.Helper;
using PgFleet.Commands;
using PgFleet.Engines;
using PgFleet.Engines.Linked;
using PgFleet.Engines.Local;
using PgFleet.Fleet;
using PgFleet.Functions;
using PgFleet.Operations;
using PgFleet.Protocols.Pulumi;
using PgFleet.Protocols.Terraform;
using PgFleet.Resources;
using PgFleet.Resources.Application;
using PgFleet.Resources.Database;
using PgFleet.Resources.DatabaseInstance;
using PgFleet.Resources.LinkedInstance;
using PgFleet.Resources.RestoredInstance;

// One program under several names: servers call it to archive, Pulumi and Terraform as a provider, people as a command line.
if (ArchiveProgram.Handles(args))
{
    return await ArchiveProgram.RunAsync(args);
}
switch (Handshake.IsRequested ? TerraformServer.Name : Path.GetFileNameWithoutExtension(Environment.ProcessPath))
{
    case PulumiServer.Name:
        return await PulumiServer.RunAsync(args, Compose);
    case TerraformServer.Name:
        return await TerraformServer.RunAsync(Compose);
    default:
        return await CommandLine.RunAsync(args, Open);
}

internal static partial class Program
{
    internal static FleetServices Open(FleetConfig config)
    {
        var options = LocalOptions.Of(config.Home?.ToString(), config.BinDirectories?.Select(folder => folder.ToString()).ToList(), config.ServiceUser);
        var names = new ServerNames();
        var (engine, links) = (new LocalEngine(options, TimeProvider.System, names), new LinkedEngine(options.Home, TimeProvider.System, names));
        return new(engine, links, new FleetDirectory(new FleetEngine(engine, engine, engine), new FleetEngine(links, links, links)), new(new(engine.Root), TimeProvider.System));
    }

    /// <summary>Lists every resource and function.</summary>
    internal static ProviderDefinition Compose(FleetConfig config)
    {
        var fleet = Open(config);
        var guard = new FleetGuard(fleet.Engine, $"the home \"{fleet.Engine.Root}\" on {Environment.MachineName}");
        var instances = new InstanceFunctions(fleet.Servers, fleet.Engine, fleet.Applications);
        var (records, functions) = (RecordContext.Default, FunctionContext.Default);
        return new(
            [
                new TypedResource<DatabaseInstanceArgs, DatabaseInstanceOutputs>(
                    "DatabaseInstance", records.DatabaseInstanceArgs, records.DatabaseInstanceOutputs, new DatabaseInstanceHandler(fleet.Engine, fleet.Engine, fleet.Applications), guard),
                new TypedResource<RestoredInstanceArgs, RestoredInstanceOutputs>(
                    "RestoredInstance", records.RestoredInstanceArgs, records.RestoredInstanceOutputs, new RestoredInstanceHandler(fleet.Engine, fleet.Engine, fleet.Engine, fleet.Applications), guard),
                new TypedResource<LinkedInstanceArgs, LinkedInstanceOutputs>(
                    "LinkedInstance", records.LinkedInstanceArgs, records.LinkedInstanceOutputs, new LinkedInstanceHandler(fleet.Links, fleet.Applications), guard),
                new TypedResource<DatabaseArgs, DatabaseOutputs>(
                    "Database", records.DatabaseArgs, records.DatabaseOutputs, new DatabaseHandler(fleet.Servers, fleet.Servers), guard),
                new TypedResource<ApplicationArgs, ApplicationOutputs>(
                    "Application", records.ApplicationArgs, records.ApplicationOutputs, new ApplicationHandler(fleet.Servers, fleet.Servers, fleet.Servers, fleet.Applications), guard),
            ],
            [
                new TypedFunction<ListInstancesArgs, ListInstancesResult>(
                    "listInstances", functions.ListInstancesArgs, functions.ListInstancesResult, instances.ListAsync),
                new TypedFunction<GetInstanceArgs, InstanceSummary>(
                    "getInstance", functions.GetInstanceArgs, functions.InstanceSummary, instances.GetAsync),
                new TypedFunction<GetRecoveryWindowArgs, RecoveryWindowResult>(
                    "getRecoveryWindow", functions.GetRecoveryWindowArgs, functions.RecoveryWindowResult, new RecoveryFunctions(fleet.Engine).GetWindowAsync),
                new TypedFunction<ListApplicationVersionsArgs, ListApplicationVersionsResult>(
                    "listApplicationVersions",
                    functions.ListApplicationVersionsArgs,
                    functions.ListApplicationVersionsResult,
                    new ApplicationFunctions(fleet.Applications).ListVersionsAsync),
            ]);
    }
}
