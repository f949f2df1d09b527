using Grpc.Core;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

internal sealed partial class TerraformService
{
    public override async Task<ApplyResourceChange.Types.Response> ApplyResourceChange(ApplyResourceChange.Types.Request request, ServerCallContext context)
    {
        var resource = run.ResourceOf(request.TypeName);
        var (prior, planned) = (CtyValues.Decode(resource.Fields, request.PriorState), CtyValues.Decode(resource.Fields, request.PlannedState));
        var config = CtyValues.Decode(resource.Fields, request.Config) ?? Map.Empty;
        var response = new ApplyResourceChange.Types.Response { NewState = request.PriorState };
        var action = prior is null ? "create" : planned is null ? "delete" : "update";
        using var operation = Begin(resource, context, TerraformResource.Timeout(planned ?? prior!, action), response.Diagnostics, goesAlong: planned is null && request.PlannedPrivate.Equals(GoesAlong));
        try
        {
            var state = (prior, planned) switch
            {
                (null, { }) => await CreateAsync(resource, planned, config, operation),
                ({ }, { }) => await UpdateAsync(resource, prior, planned, config, operation),
                _ => await DeleteAsync(resource, prior!, operation),
            };
            response.NewState = CtyValues.Encode(resource.Fields, state);
        }
        catch (UnfinishedException unfinished) when (prior is null)
        {
            response.NewState = CtyValues.Encode(resource.Fields, Partial(resource, unfinished, config));
            response.Diagnostics.Add(Failed(unfinished.InnerException!, $"{resource.TypeName} was made in part", operation, "timeouts.create"));
            response.Diagnostics.Add(TerraformErrors.Warning(
                "What was made so far is recorded as tainted",
                "The next apply destroys the resource, which leaves an application's database as it is, and begins anew. To go on from where it stopped, run terraform untaint on it first."));
        }
        catch (Exception exception)
        {
            // The next refresh observes what was changed, and the rest is planned again.
            response.Diagnostics.Add(Failed((exception as UnfinishedException)?.InnerException ?? exception, $"{resource.TypeName}: {action} failed", operation, $"timeouts.{action}"));
        }
        return response;
    }

    private async Task<Map> CreateAsync(TerraformResource resource, Map planned, Map config, Operation operation)
    {
        var (id, state) = await applier.CreateAsync(RequestOf(resource, null), resource.Inputs(planned, null, config), operation.Work);
        return resource.Complete(await RecordedAsync(resource, id, state, null, config, operation), id, planned);
    }

    private async Task<Map> UpdateAsync(TerraformResource resource, Map prior, Map planned, Map config, Operation operation)
    {
        var id = TerraformResource.IdOf(prior);
        if (!resource.Changes(prior, planned, config))
        {
            return resource.Complete(resource.Own(prior), id, planned);
        }
        var state = await applier.UpdateAsync(RequestOf(resource, prior), resource.Own(prior), resource.Inputs(planned, prior, config), operation.Work);
        return resource.Complete(await RecordedAsync(resource, id, state, prior, config, operation), id, planned);
    }

    private async Task<Map?> DeleteAsync(TerraformResource resource, Map prior, Operation operation)
    {
        await applier.DeleteAsync(RequestOf(resource, prior), resource.Own(prior), operation.Work);
        rules.Forget(resource.Resource, TerraformResource.IdOf(prior));
        return null;
    }

    /// <summary>The state to record: if it contains a write-only secret, the resource is read again without it.</summary>
    private static async Task<Map> RecordedAsync(TerraformResource resource, string id, Map state, Map? prior, Map config, Operation operation) =>
        resource.Unrecorded(state, prior, config) is not { } bare ? state
        : await resource.Resource.ReadAsync(id, bare, operation.Work) ?? bare;

    private static Map Partial(TerraformResource resource, UnfinishedException unfinished, Map config) =>
        resource.Complete(resource.Unrecorded(unfinished.State, null, config) ?? unfinished.State, unfinished.Id, config);
}
