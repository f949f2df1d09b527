using System.Collections.Immutable;
using System.Security.Cryptography;
using Google.Protobuf;
using Grpc.Core;
using PgFleet.Failures;
using PgFleet.Resources;
using PgFleet.Schema;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

internal sealed partial class TerraformService
{
    /// <summary>
    /// Terraform asks once what would change and, of a replacement, once more as if there were nothing yet. Which of the two goes first is its user's to say,
    /// and it does not tell: the new one is proven as if the old one were gone.
    /// </summary>
    public override async Task<PlanResourceChange.Types.Response> PlanResourceChange(PlanResourceChange.Types.Request request, ServerCallContext context)
    {
        var resource = run.ResourceOf(request.TypeName);
        var response = new PlanResourceChange.Types.Response { PlannedState = CtyValues.Encode(resource.Fields, null) };
        var prior = CtyValues.Decode(resource.Fields, request.PriorState);
        // Of a replacement, the second call has what the first one answered.
        response.PlannedPrivate = prior is null ? request.PriorPrivate : ByteString.Empty;
        var nulls = new List<Problem>();
        if (CtyValues.Decode(resource.Fields, request.Config, nulls) is not { } config || CtyValues.Decode(resource.Fields, request.ProposedNewState) is null)
        {
            if (prior is not null)
            {
                Tell(await DestructionAsync(resource, prior, response.Diagnostics));
                response.PlannedPrivate = Fate(resource, prior);
            }
            return response;
        }
        var check = resource.Check(config, prior);
        Tell(await foresight.ExplainAsync(resource.Resource, [.. nulls, .. check.Problems], resource.Own(config)));
        if (response.Diagnostics.Count > 0)
        {
            return response;
        }
        var derivation = await resource.Resource.DeriveAsync(check.Inputs, context.CancellationToken);
        Tell(derivation.Problems);
        if (derivation.Problems.Any(problem => problem.Refuses))
        {
            return response;
        }
        var plan = resource.Resource.Plan(prior is null ? null : resource.Own(prior), PlanComputation.Over(check.Inputs, derivation.Values), [], run.Memory.IsPlanned);
        var key = $"{request.TypeName} {Convert.ToHexStringLower(SHA256.HashData(request.Config.Msgpack.Span))}";
        if (prior is not null && plan.Replaces)
        {
            run.Memory.MarkDeletedFirst(key, TerraformResource.IdOf(prior));
            Tell(await ReplacementAsync(resource, prior));
            Tell(Reads(resource, plan.Planned));
            await WarnOfLossAsync(resource, prior, response.Diagnostics, isSameName: resource.Resource.FindId(plan.Planned) == TerraformResource.IdOf(prior));
            response.PlannedPrivate = Fate(resource, prior);
            response.RequiresReplace.AddRange(plan.Changes.Where(change => change.Replaces).Select(change => TerraformPaths.Top(change.Path)).Distinct().Select(TerraformPaths.Of));
        }
        else if (prior is null)
        {
            Tell(await LookAheadAsync(resource, plan, check.Inputs, run.Memory.DeletedFirst(key), response.Diagnostics, context.CancellationToken));
        }
        else
        {
            Tell(Stays(resource, prior));
            Tell(plan.Empty ? [] : await foresight.TakeoverAsync(resource.Resource, TerraformResource.IdOf(prior), resource.Own(prior)));
            Tell(plan.Empty ? [] : await foresight.PreflightAsync(resource.Resource, resource.Own(prior), plan, freed: null, context.CancellationToken));
        }
        response.PlannedState = CtyValues.Encode(
            resource.Fields, resource.Complete(Planner.WithWritten(resource.Resource.Shape.Inputs, plan.Planned, config), prior is null || plan.Replaces ? null : TerraformResource.IdOf(prior), config));
        return response;

        void Tell(ImmutableArray<Problem> problems) => response.Diagnostics.AddRange(problems.Select(problem => TerraformErrors.Of(problem, resource.IsSecret)));
    }

    /// <summary>Of what is to be made.</summary>
    /// <param name="freed">Id of what it replaces, by an earlier plan.</param>
    private async Task<ImmutableArray<Problem>> LookAheadAsync(
        TerraformResource resource, Plan plan, Map inputs, string? freed, ICollection<Diagnostic> warnings, CancellationToken cancel)
    {
        // What is tainted, or replaced because the command line says so, is planned as if it were not there.
        if (inputs.IsKnown && resource.Resource.IdOf(inputs) is var id && run.Recorded(resource, id) is { } recorded)
        {
            if (Resource.IsProtected(recorded))
            {
                return [resource.Resource.Refusal(id)];
            }
            if (await ReplacementAsync(resource, recorded) is { IsEmpty: false } refusals)
            {
                return refusals;
            }
            if (freed is null)
            {
                await WarnOfLossAsync(resource, recorded, warnings, isSameName: true);
            }
            freed ??= id;
        }
        if (MadeAnew(plan.Planned) is { } early)
        {
            return [early];
        }
        if (Reads(resource, plan.Planned) is { IsEmpty: false } lost)
        {
            return lost;
        }
        var problems = freed is null
            ? await foresight.PreflightAsync(resource.Resource, null, plan, freed, cancel)
            : await foresight.ProveAsync(resource.Resource, plan, freed);
        run.Memory.MarkPlanned(resource.Resource.Creates(plan.Planned), resource.Resource.VersionOf(plan.Planned), resource.Resource.MakesServer);
        return freed is null ? [.. problems.Select(Advised)] : problems;

        // In the apply of a replacement that is created first, the old one is still there, and it is not said that there is one.
        Problem Advised(Problem problem) => problem.Refuses && resource.Resource.Shape[problem.Path]?.ExclusiveGroup is not null
            ? problem with { Reason = $"{problem.Reason.TrimEnd('.')}. If this is a replacement, create_before_destroy is set, and both would be there at one time: write another {problem.Path}. If Terraform's state has a deposed object alone of it, give it back: terraform state rm, then terraform import, each with the resource's address." }
            : problem;
    }

    /// <param name="isSameName">Of a replacement: both would be one id, which one after the other can be.</param>
    private async Task WarnOfLossAsync(TerraformResource resource, Map prior, ICollection<Diagnostic> warnings, bool isReplacement = true, bool isSameName = false)
    {
        if (await foresight.LossAsync(resource.Resource, resource.Own(prior), isReplacement) is { } loss)
        {
            warnings.Add(TerraformErrors.Warning("Data will be lost", isSameName ? $"{loss} {CreateFirst(TerraformResource.IdOf(prior))}" : loss));
        }
    }

    private static string CreateFirst(string id) =>
        $"If create_before_destroy holds for it, its own or that of what depends on it, the apply will refuse: \"{id}\" cannot be there twice. Then write another name, or take create_before_destroy out.";
}
