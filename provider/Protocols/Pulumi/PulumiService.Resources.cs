using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using PgFleet.Operations;
using PgFleet.Schema;
using Pulumirpc;

namespace PgFleet.Protocols.Pulumi;

internal sealed partial class PulumiService
{
    public override async Task<CheckResponse> Check(CheckRequest request, ServerCallContext context)
    {
        var resource = ResourceOf(request.Type, request.Urn);
        var (olds, news) = (PulumiInputs.Decode(request.Olds), PulumiInputs.Decode(request.News));
        var prior = olds.Values.Items.IsEmpty ? null : olds.Values;
        var check = resource.Check(news.Values, prior, olds.Generated, Autonaming.Of(request));
        var change = await planner.PlanAsync(RequestOf(resource, request.Urn, prior is null ? null : resource.IdOf(prior), prior), check, news.Values, session.Cancelled);
        await WarnAsync(request.Urn, change.Findings);
        var response = new CheckResponse { Inputs = new PulumiInputs(check.Inputs, check.Generated) { Computed = change.Computation.Values }.Encode() };
        response.Failures.AddRange(change.Findings.Refusals.Select(problem => Failure(resource.Shape, news.Values, problem)));
        return response;
    }

    public override async Task<DiffResponse> Diff(DiffRequest request, ServerCallContext context)
    {
        var (state, news) = (PulumiValues.Decode(request.Olds), PulumiInputs.Decode(request.News));
        var diffed = RequestOf(ResourceOf(request.Type, request.Urn), request.Urn, request.Id, state);
        var plan = planner.Compare(diffed, news.Config, news.Generated);
        (await rules.DiffAsync(diffed, state, plan, news.Values)).ThrowIfRefused();
        return PulumiDiff.Of(plan);
    }

    public override async Task<CreateResponse> Create(CreateRequest request, ServerCallContext context)
    {
        var (resource, inputs) = (ResourceOf(request.Type, request.Urn), PulumiInputs.Decode(request.Properties));
        var created = RequestOf(resource, request.Urn, id: null, prior: null);
        var plan = planner.Compare(created, inputs.Config, inputs.Generated);
        using var operation = Begin(context, request.Urn, request.Timeout);
        return await GuardedAsync(operation, async () =>
        {
            await PreflightAsync(created, plan, request.Preview, operation);
            if (request.Preview)
            {
                return new CreateResponse { Properties = PulumiValues.Encode(plan.Planned) };
            }
            var (id, state) = await applier.CreateAsync(created, PreflightRunner.Decided(resource, plan.Planned), operation.Work);
            return new CreateResponse { Id = id, Properties = PulumiValues.Encode(state) };
        });
    }

    public override async Task<ReadResponse> Read(ReadRequest request, ServerCallContext context)
    {
        var resource = ResourceOf(request.Type, request.Urn);
        var (prior, inputs) = (PulumiValues.Decode(request.Properties), PulumiInputs.Decode(request.Inputs));
        using var operation = Begin(context, request.Urn, request.Timeout);
        return await GuardedAsync(operation, async () =>
        {
            // An import has only the id; a "get" has its inputs instead of a state.
            var isImport = prior.Items.IsEmpty;
            var state = await resource.ReadAsync(request.Id, isImport ? null : prior, operation.Work);
            return state is null
                ? new ReadResponse()
                : new ReadResponse
                {
                    Id = request.Id,
                    Properties = PulumiValues.Encode(state),
                    Inputs = new PulumiInputs(Planner.InputsOf(resource.Shape, state, isImport ? null : inputs.Values), inputs.Generated) { Computed = inputs.Computed }.Encode(),
                };
        });
    }

    public override async Task<UpdateResponse> Update(UpdateRequest request, ServerCallContext context)
    {
        var resource = ResourceOf(request.Type, request.Urn);
        var (prior, news) = (PulumiValues.Decode(request.Olds), PulumiInputs.Decode(request.News));
        var updated = RequestOf(resource, request.Urn, request.Id, prior);
        var plan = planner.Compare(updated, news.Config, news.Generated);
        using var operation = Begin(context, request.Urn, request.Timeout);
        return await GuardedAsync(operation, async () =>
        {
            await PreflightAsync(updated, plan, request.Preview, operation);
            var state = request.Preview
                ? plan.Planned
                : await applier.UpdateAsync(updated, prior, PreflightRunner.Decided(resource, plan.Planned), operation.Work);
            return new UpdateResponse { Properties = PulumiValues.Encode(state) };
        });
    }

    public override async Task<Empty> Delete(DeleteRequest request, ServerCallContext context)
    {
        var state = PulumiValues.Decode(request.Properties);
        var deleted = RequestOf(ResourceOf(request.Type, request.Urn), request.Urn, request.Id, state);
        using var operation = Begin(context, request.Urn, request.Timeout);
        return await GuardedAsync(operation, async () =>
        {
            await applier.DeleteAsync(deleted, state, operation.Work);
            return new Empty();
        });
    }
}
