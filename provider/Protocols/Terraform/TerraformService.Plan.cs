using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

internal sealed partial class TerraformService
{
    /// <summary>Private data that a plan passes to the apply, which is another process: the database need not be dropped.</summary>
    private static readonly ByteString GoesAlong = ByteString.CopyFromUtf8("goes with its server");

    /// <summary>Plans a change. For a replacement, Terraform calls it a second time, as if nothing existed yet.</summary>
    public override async Task<PlanResourceChange.Types.Response> PlanResourceChange(PlanResourceChange.Types.Request request, ServerCallContext context)
    {
        var resource = run.ResourceOf(request.TypeName);
        var response = new PlanResourceChange.Types.Response { PlannedState = CtyValues.Encode(resource.Fields, null) };
        var prior = CtyValues.Decode(resource.Fields, request.PriorState);
        var planned = RequestOf(resource, prior) with { Key = $"{request.TypeName} {Convert.ToHexStringLower(SHA256.HashData(request.Config.Msgpack.Span))}" };
        // The second call for a replacement gets the private data of the first one's response.
        response.PlannedPrivate = prior is null ? request.PriorPrivate : ByteString.Empty;
        var nulls = new List<Problem>();
        if (CtyValues.Decode(resource.Fields, request.Config, nulls) is not { } config || CtyValues.Decode(resource.Fields, request.ProposedNewState) is null)
        {
            if (planned.Prior is { } old)
            {
                Report(await rules.DestroyAsync(planned, old));
                response.PlannedPrivate = FateOf(resource.Resource, old);
            }
            return response;
        }
        var check = resource.Check(config, prior);
        var change = await planner.PlanAsync(planned, check with { Problems = [.. nulls, .. check.Problems] }, resource.Own(config), context.CancellationToken);
        Report(change.Findings);
        if (change.Plan is not { } plan)
        {
            return response;
        }
        if (planned.Prior is { } replaced && plan.Replaces)
        {
            response.PlannedPrivate = FateOf(resource.Resource, replaced);
            response.RequiresReplace.AddRange(plan.Changes.Where(changed => changed.Replaces).Select(changed => TerraformPaths.Top(changed.Path)).Distinct().Select(TerraformPaths.Of));
        }
        else if (!change.Findings.Refuses)
        {
            Report(await planner.PreflightAsync(planned, plan, isPreview: true, context.CancellationToken));
        }
        response.PlannedState = CtyValues.Encode(
            resource.Fields, resource.Complete(Planner.WithWritten(resource.Resource.Shape.Inputs, plan.Planned, config), plan.Replaces ? null : planned.Id, config));
        return response;

        void Report(Findings findings) => response.Diagnostics.AddRange(
        [
            .. findings.Losses.Select(loss => TerraformErrors.Warning("Data will be lost", loss)),
            .. findings.Problems.Select(problem => TerraformErrors.Of(problem, resource.IsSecret)),
        ]);
    }

    private static ResourceRequest RequestOf(TerraformResource resource, Map? prior) => new(resource.Resource, resource.TypeName)
    {
        Id = prior is null ? null : TerraformResource.IdOf(prior),
        Prior = prior is null ? null : resource.Own(prior),
    };

    private ByteString FateOf(Resource resource, Map prior) => rules.GoesWithItsServer(resource, prior) ? GoesAlong : ByteString.Empty;
}
