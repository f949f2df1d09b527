using PgFleet.Engines.Local;
using PgFleet.Engines.Local.Archive;
using PgFleet.Functions;
using PgFleet.Protocols;
using PgFleet.Protocols.Pulumi;
using PgFleet.Protocols.Terraform;
using PgFleet.Resources;
using PgFleet.Resources.Database;
using PgFleet.Resources.DatabaseInstance;
using PgFleet.Resources.RestoredInstance;
using PgFleet.Verbs;

// One program under several names: servers call it to archive, Pulumi's engine to provide, people to look after their servers.
if (ArchiveProgram.Handles(args))
{
    return await ArchiveProgram.RunAsync(args);
}
switch (Handshake.IsAsked ? TerraformServer.Name : Path.GetFileNameWithoutExtension(Environment.ProcessPath))
{
    case PulumiServer.Name:
        return await PulumiServer.RunAsync(args, Compose);
    case TerraformServer.Name:
        return await TerraformServer.RunAsync(Compose);
    default:
        return await CommandLine.RunAsync(args, Engine);
}

internal static partial class Program
{
    internal static LocalEngine Engine(FleetConfig config) =>
        new(LocalOptions.Of(config.Home, config.BinDirectories, config.ServiceUser), TimeProvider.System);

    /// <summary>Everything a user can declare or ask for.</summary>
    internal static Fleet Compose(FleetConfig config)
    {
        var engine = Engine(config);
        var guard = new FleetGuard(engine, $"the home \"{engine.Root}\" on {Environment.MachineName}");
        var instances = new InstanceFunctions(engine);
        var (records, functions) = (RecordContext.Default, FunctionContext.Default);
        return new(
            [
                new TypedResource<DatabaseInstanceArgs, DatabaseInstanceOutputs>(
                    "DatabaseInstance", records.DatabaseInstanceArgs, records.DatabaseInstanceOutputs, new DatabaseInstanceHandler(engine), guard),
                new TypedResource<RestoredInstanceArgs, RestoredInstanceOutputs>(
                    "RestoredInstance", records.RestoredInstanceArgs, records.RestoredInstanceOutputs, new RestoredInstanceHandler(engine), guard),
                new TypedResource<DatabaseArgs, DatabaseOutputs>(
                    "Database", records.DatabaseArgs, records.DatabaseOutputs, new DatabaseHandler(engine), guard),
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
}
