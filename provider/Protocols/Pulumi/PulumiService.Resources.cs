using System.Collections.Immutable;
using Grpc.Core;
using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Resources;
using PgFleet.Schema;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

internal sealed partial class PulumiService
{
    public override async Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        var resource = ResourceOf(request.Type, request.Urn);
        var (olds, news) = (PulumiInputs.Decode(request.Olds), PulumiInputs.Decode(request.News));
        var priorInputs = olds.Values.Items.IsEmpty ? null : olds.Values;
        var check = resource.Check(news.Values, priorInputs, olds.Generated, Autonaming.Of(request));
        // What has problems may not even be of its type, and makes nothing.
        session.Memory.Declare(request.Urn, IdOf(check.Problems.IsEmpty ? check.Inputs : Map.Empty), IdOf(olds.Values));
        var forced = priorInputs is null ? session.Memory.TakeForced(request.Urn) : [];
        var problems = await foresight.ExplainAsync(resource, check.Problems, news.Values);
        problems = [.. problems, .. HoldingOnToWhatLeaves(resource, check.Inputs), .. await ForcedAsync(resource, request.Urn, forced)];
        if (check.Problems.IsEmpty)
        {
            var plan = priorInputs is null ? null : resource.Plan(priorInputs, check.Inputs, check.Generated, session.Memory.IsPlanned, session.Memory.Makes);
            problems = [.. problems, .. DeclaredTwice(resource, request.Urn, check.Inputs), .. plan is { Replaces: true } ? await ReplacementAsync(resource, request.Urn, plan, priorInputs!) : []];
            // After all that goes: it may be restored from that.
            problems = [.. problems, .. plan is not { Replaces: false } ? Some(session.Sources.Read(request.Urn, check.Inputs)) : []];
        }
        var derivation = problems.IsEmpty ? await DeriveAsync(resource, check.Inputs, request.Urn) : PlanComputation.None;
        problems = [.. problems, .. derivation.Problems];
        var response = new CheckResponse { Inputs = new PulumiInputs(check.Inputs, check.Generated) { Derived = derivation.Values }.Encode() };
        response.Failures.AddRange(problems.Select(problem => Failure(resource.Shape, news.Values, problem)));
        return response;

        ResourceReference? IdOf(Map inputs) => resource.FindId(inputs) is { } id ? Of(resource, id) : null;
    }

    /// <summary>One thing is one resource's: of two, the second would find what the first has made, or the two would change it by turns.</summary>
    private ImmutableArray<Problem> DeclaredTwice(Resource resource, string urn, Map inputs) =>
        resource.FindId(inputs) is { } id && session.Memory.OtherThatWants(urn, Of(resource, id)) is { } other
            ? [new("name", $"\"{id}\" is declared by {other} already. Choose another name, or leave one of the two out of the program.")]
            : [];

    /// <summary>A refresh asks too, with the roles of old and new exchanged: what is kept is told by a Check before.</summary>
    public override async Task<DiffResponse> Diff(DiffRequest request, ServerCallContext context)
    {
        var (resource, state, news) = (ResourceOf(request.Type, request.Urn), PulumiValues.Decode(request.Olds), PulumiInputs.Decode(request.News));
        var plan = resource.Plan(state, news.Config, news.Generated, session.Memory.IsPlanned, session.Memory.Makes);
        session.Memory.MarkDeletedFirst(request.Urn, plan.DeleteFirst ? request.Id : null);
        if (plan.Replaces)
        {
            session.Memory.Replace(request.Urn, Of(resource, request.Id));
        }
        else if (session.Memory.Declares(request.Urn))
        {
            session.Memory.Keep(request.Urn, Of(resource, request.Id));
            session.States[request.Urn] = state;
        }
        await RequireRemovableAsync(resource, request, plan, news.Values);
        await RequireUnboundAsync(resource, request, plan, news.Values);
        return PulumiDiff.Of(plan);
    }

    public override async Task<CreateResponse> Create(CreateRequest request, ServerCallContext context)
    {
        var resource = ResourceOf(request.Type, request.Urn);
        var inputs = PulumiInputs.Decode(request.Properties);
        var plan = resource.Plan(null, inputs.Config, inputs.Generated);
        using var operation = Begin(context, request.Urn, request.Timeout, session.Memory.DeletedFirst(request.Urn));
        return await GuardedAsync(operation, async () =>
        {
            await PreflightAsync(resource, null, plan, request.Urn, operation);
            session.Memory.MarkPlanned(resource.Creates(plan.Planned), resource.VersionOf(plan.Planned), resource.MakesServer);
            if (request.Preview)
            {
                return new CreateResponse { Properties = PulumiValues.Encode(plan.Planned) };
            }
            try
            {
                var (id, state) = await resource.CreateAsync(PreflightRunner.Decided(resource, plan.Planned), operation.Work);
                session.Memory.Make(request.Urn, Of(resource, id));
                session.Sources.Done(request.Urn);
                return new CreateResponse { Id = id, Properties = PulumiValues.Encode(state) };
            }
            catch (UnfinishedException unfinished)
            {
                session.Memory.Make(request.Urn, Of(resource, unfinished.Id));
                throw;
            }
        });
    }

    public override async Task<ReadResponse> Read(ReadRequest request, ServerCallContext context)
    {
        var resource = ResourceOf(request.Type, request.Urn);
        var (prior, inputs) = (PulumiValues.Decode(request.Properties), PulumiInputs.Decode(request.Inputs));
        using var operation = Begin(context, request.Urn, request.Timeout);
        return await GuardedAsync(operation, async () =>
        {
            // An import has the id alone; a "get" has its inputs in the place of a state.
            var isImport = prior.Items.IsEmpty;
            var state = await resource.ReadAsync(request.Id, isImport ? null : prior, operation.Work);
            return state is null
                ? new ReadResponse()
                : new ReadResponse
                {
                    Id = request.Id,
                    Properties = PulumiValues.Encode(state),
                    Inputs = new PulumiInputs(Planner.InputsOf(resource.Shape, state, isImport ? null : inputs.Values), inputs.Generated) { Derived = inputs.Derived }.Encode(),
                };
        });
    }

    public override async Task<UpdateResponse> Update(UpdateRequest request, ServerCallContext context)
    {
        var resource = ResourceOf(request.Type, request.Urn);
        var (prior, news) = (PulumiValues.Decode(request.Olds), PulumiInputs.Decode(request.News));
        var plan = resource.Plan(prior, news.Config, news.Generated, session.Memory.IsPlanned, session.Memory.Makes);
        session.Memory.Keep(request.Urn, Of(resource, request.Id));
        using var operation = Begin(context, request.Urn, request.Timeout);
        return await GuardedAsync(operation, async () =>
        {
            await PreflightAsync(resource, prior, plan, request.Urn, operation);
            if (Resource.IsUnfinished(prior))
            {
                session.Memory.MarkPlanned(resource.Creates(plan.Planned), resource.VersionOf(plan.Planned), resource.MakesServer);
            }
            await WarnAsync(request.Urn, request.Preview ? await foresight.TakeoverAsync(resource, request.Id, prior) : []);
            var state = request.Preview
                ? plan.Planned
                : await resource.UpdateAsync(request.Id, prior, PreflightRunner.Decided(resource, plan.Planned), operation.Work);
            return new UpdateResponse { Properties = PulumiValues.Encode(state) };
        });
    }
}
