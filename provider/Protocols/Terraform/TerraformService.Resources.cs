using Grpc.Core;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Schema;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

internal sealed partial class TerraformService
{
    public override Task<ValidateResourceConfig.Types.Response> ValidateResourceConfig(ValidateResourceConfig.Types.Request request, ServerCallContext context)
    {
        var resource = run.ResourceOf(request.TypeName);
        var nulls = new List<Problem>();
        var config = CtyValues.Decode(resource.Fields, request.Config, nulls)!;
        var problems = nulls.Concat(resource.Check(config, null).Problems);
        if (request.ClientCapabilities is not { WriteOnlyAttributesAllowed: true })
        {
            problems = problems.Concat(resource.WriteOnlyOf(config).Select(name => new Problem(name, "needs Terraform 1.11 or later: an earlier one would record it.")));
        }
        return Task.FromResult(new ValidateResourceConfig.Types.Response { Diagnostics = { problems.Select(problem => TerraformErrors.Of(problem, resource.IsSecret)) } });
    }

    /// <summary>Reads a state of an earlier version by name: removed attributes are dropped, new ones are null until the next refresh.</summary>
    public override Task<UpgradeResourceState.Types.Response> UpgradeResourceState(UpgradeResourceState.Types.Request request, ServerCallContext context)
    {
        var resource = run.ResourceOf(request.TypeName);
        if (CtyJson.Decode(resource.Fields, request.RawState.Json) is not { } state)
        {
            return Task.FromResult(new UpgradeResourceState.Types.Response { UpgradedState = CtyValues.Encode(resource.Fields, null) });
        }
        Record(resource, state);
        return Task.FromResult(new UpgradeResourceState.Types.Response { UpgradedState = CtyValues.Encode(resource.Fields, state) });
    }

    public override async Task<ReadResource.Types.Response> ReadResource(ReadResource.Types.Request request, ServerCallContext context)
    {
        var resource = run.ResourceOf(request.TypeName);
        var prior = CtyValues.Decode(resource.Fields, request.CurrentState)!;
        var response = new ReadResource.Types.Response { NewState = request.CurrentState, Private = request.Private };
        using var operation = Begin(resource, context, null, response.Diagnostics);
        try
        {
            var id = TerraformResource.IdOf(prior);
            if (await resource.Resource.ReadAsync(id, resource.Own(prior), operation.Work) is { } own)
            {
                var state = resource.Complete(own, id, prior);
                Record(resource, state);
                response.NewState = CtyValues.Encode(resource.Fields, state);
            }
            else
            {
                rules.Forget(resource.Resource, id);
                response.NewState = CtyValues.Encode(resource.Fields, null);
            }
        }
        catch (Exception exception)
        {
            response.Diagnostics.Add(Failed(exception, $"{resource.TypeName} cannot be read", operation));
        }
        return response;
    }

    public override async Task<ImportResourceState.Types.Response> ImportResourceState(ImportResourceState.Types.Request request, ServerCallContext context)
    {
        var resource = run.ResourceOf(request.TypeName);
        var response = new ImportResourceState.Types.Response();
        using var operation = Begin(resource, context, null, response.Diagnostics);
        try
        {
            var own = await resource.Resource.ReadAsync(request.Id, null, operation.Work)
                ?? throw new ResourceFailure(FailureKind.Missing, $"There is no {resource.TypeName} \"{request.Id}\".", "Correct the id.");
            response.ImportedResources.Add(new ImportResourceState.Types.ImportedResource
            {
                TypeName = resource.TypeName,
                State = CtyValues.Encode(resource.Fields, resource.Imported(own, request.Id)),
            });
        }
        catch (Exception exception)
        {
            response.Diagnostics.Add(Failed(exception, $"{resource.TypeName} cannot be imported", operation));
        }
        return response;
    }

    private void Record(TerraformResource resource, Map state)
    {
        if (state["id"] is StringValue { Value: var id })
        {
            rules.Record(resource.Resource, id, resource.Own(state));
        }
    }

    private Diagnostic Failed(Exception exception, string summary, Operation operation, string setting = "timeouts")
    {
        if (exception is not (ResourceFailure or RefusedException or OperationCanceledException))
        {
            LogBug(log, exception, summary);
        }
        return TerraformErrors.Of(exception, summary, operation, setting);
    }

    [LoggerMessage(LogLevel.Error, "{Summary}")]
    private static partial void LogBug(ILogger log, Exception exception, string summary);
}
