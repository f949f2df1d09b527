using Grpc.Core;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

/// <summary>The gRPC service of Terraform's protocol. This part implements process and configuration; the other parts resources and data sources.</summary>
internal sealed partial class TerraformService : Provider.ProviderBase
{
    private static readonly ServerCapabilities Capabilities = new() { PlanDestroy = true, GetProviderSchemaOptional = true };

    private readonly TerraformSession run;
    private readonly ILogger<TerraformService> log;
    private readonly DestroyBeforeCreate rules;
    private readonly ResourcePlanner planner;
    private readonly ResourceApplier applier;

    public TerraformService(TerraformSession run, ILogger<TerraformService> log)
    {
        this.run = run;
        this.log = log;
        rules = new(run);
        planner = new(run, rules);
        applier = new(run, rules);
    }

    public override Task<GetMetadata.Types.Response> GetMetadata(GetMetadata.Types.Request request, ServerCallContext context) =>
        Task.FromResult(new GetMetadata.Types.Response
        {
            ServerCapabilities = Capabilities,
            Resources = { run.Fleet.Resources.Select(resource => new GetMetadata.Types.TypeName { TypeName_ = TerraformNames.Resource(resource.Name) }) },
            DataSources = { run.Fleet.Functions.Select(function => new GetMetadata.Types.TypeName { TypeName_ = TerraformNames.DataSource(function.Name) }) },
        });

    public override Task<GetProviderSchema.Types.Response> GetProviderSchema(GetProviderSchema.Types.Request request, ServerCallContext context)
    {
        var response = new GetProviderSchema.Types.Response
        {
            ServerCapabilities = Capabilities,
            Provider = TerraformSchema.Of("Postgres servers as code.", FleetConfig.Shape.Inputs.Select(TerraformSchema.Input)),
        };
        foreach (var resource in run.Fleet.Resources.Select(resource => new TerraformResource(resource)))
        {
            response.ResourceSchemas.Add(resource.TypeName, resource.Schema());
        }
        foreach (var source in run.Fleet.Functions.Select(function => new TerraformDataSource(function)))
        {
            response.DataSourceSchemas.Add(source.TypeName, source.Schema());
        }
        return Task.FromResult(response);
    }

    public override Task<ValidateProviderConfig.Types.Response> ValidateProviderConfig(ValidateProviderConfig.Types.Request request, ServerCallContext context)
    {
        var config = CtyValues.Decode(FleetConfig.Shape.Inputs, request.Config) ?? Map.Empty;
        return Task.FromResult(new ValidateProviderConfig.Types.Response { Diagnostics = { FleetConfig.Check(config).Problems.Select(problem => TerraformErrors.Of(problem, _ => false)) } });
    }

    /// <summary>Configures the provider. Unknown values are refused, because without its home another fleet would be used.</summary>
    public override Task<ConfigureProvider.Types.Response> ConfigureProvider(ConfigureProvider.Types.Request request, ServerCallContext context)
    {
        var config = CtyValues.Decode(FleetConfig.Shape.Inputs, request.Config) ?? Map.Empty;
        var response = new ConfigureProvider.Types.Response
        {
            Diagnostics =
            {
                config.Items.Where(item => !item.Value.IsKnown).Select(item => TerraformErrors.Of(
                    new(item.Key, "is not known before the apply: write a value that does not depend on what the same run makes."), _ => false)),
            },
        };
        if (response.Diagnostics.Count == 0)
        {
            // A process that Terraform attaches to serves several operations in succession.
            run.Memory.Clear();
            run.Sources.Clear();
            run.Configure(FleetConfig.Of(FleetConfig.Check(config).Inputs));
        }
        return Task.FromResult(response);
    }

    public override Task<GetFunctions.Types.Response> GetFunctions(GetFunctions.Types.Request request, ServerCallContext context) =>
        Task.FromResult(new GetFunctions.Types.Response());

    /// <summary>Terraform was interrupted, and waits for running operations to stop.</summary>
    public override Task<StopProvider.Types.Response> StopProvider(StopProvider.Types.Request request, ServerCallContext context)
    {
        run.Cancel();
        return Task.FromResult(new StopProvider.Types.Response());
    }

    private Operation Begin(TerraformResource resource, ServerCallContext call, TimeSpan? timeout, ICollection<Diagnostic> warnings, bool goesAlong = false) =>
        new(run, new LogDiagnostics(log, resource.TypeName, warnings), call.CancellationToken, timeout, goesAlong: goesAlong);
}
