using System.Collections.Immutable;
using System.Text.Json.Serialization.Metadata;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>Converts between a handler's records and the protocols' values, and does what is common to all handlers.</summary>
internal sealed class TypedResource<TArgs, TOutputs>(
    string name,
    JsonTypeInfo<TArgs> argsInfo,
    JsonTypeInfo<TOutputs> outputsInfo,
    IHandler<TArgs, TOutputs> handler,
    FleetGuard guard) : Resource(name, ResourceSchema.Of(argsInfo, outputsInfo))
    where TArgs : class
    where TOutputs : class
{
    public override string Space => handler.Space ?? Name;

    public override async Task<ImmutableArray<Problem>> ExplainAsync(ImmutableArray<Problem> problems, Map inputs, CancellationToken cancel)
    {
        var explained = ImmutableArray.CreateBuilder<Problem>();
        foreach (var problem in problems)
        {
            var hint = await handler.HintAsync(problem, name => inputs[name] is StringValue { Secret: false } text ? text.Value : null, cancel);
            explained.Add(hint is null ? problem : problem with { Reason = $"{problem.Reason} {hint}" });
        }
        return explained.ToImmutable();
    }

    public override async Task<PlanComputation> ComputeAtPlanAsync(Map inputs, CancellationToken cancel)
    {
        var outputs = Shape.Outputs.Where(output => output.ComputedAtPlan).ToList();
        if (outputs.Count == 0)
        {
            return PlanComputation.None;
        }
        if (outputs.SelectMany(output => output.DependsOn).Any(name => inputs[name] is { IsKnown: false }))
        {
            return PlanComputation.None with { Values = Map.Of(outputs.Select(output => KeyValuePair.Create<string, Value>(output.Name, new Unknown()))) };
        }
        var problems = new List<Problem>();
        var computed = Records.Write(await handler.ComputeAtPlanAsync(Records.Read(inputs, argsInfo), problems, cancel), argsInfo);
        return new(outputs.Aggregate(Map.Empty, (values, output) => values.With(output.Name, computed[output.Name])), [.. problems]);
    }

    public override Task<Message?> LossAsync(Map inputs, CancellationToken cancel) =>
        handler.LossAsync(Records.Read(inputs, argsInfo), cancel);

    public override string IdOf(Map inputs) => handler.Id(Records.Read(inputs, argsInfo));

    public override string? FindId(Map inputs) => Decodable(inputs) ? handler.Id(Records.Read(inputs, argsInfo)) : null;

    public override bool CreatesServer => handler.CreatesServer;

    public override string? Creates(Map planned) =>
        Decodable(planned) ? handler.Creates(Records.Read(planned, argsInfo)) : null;

    public override async Task<ImmutableArray<Problem>> PreflightAsync(Map? prior, Map planned, PreflightContext context) =>
        Decodable(planned) ? [.. await handler.PreflightAsync(prior is null ? null : Typed(prior), Records.Read(planned, argsInfo), context)] : [];

    public override async Task<ImmutableArray<Problem>> RemovalAsync(string id, Map? inputs, PreflightContext context) =>
        await IsProtectedAsync(id, inputs, null, context)
            ? [Refusal(id)]
            : [.. await handler.RemovalAsync(id, inputs is not null && Decodable(inputs) ? Records.Read(inputs, argsInfo) : null, context)];

    public override async Task<(string Id, Map State)> CreateAsync(Map planned, OperationContext work)
    {
        var args = Records.Read(planned, argsInfo);
        var id = handler.Id(args);
        var state = await RunAsync(id, planned, keeping => handler.CreateAsync(args, keeping), work);
        return (handler.Id(state.Args), Recorded(state, planned));
    }

    public override async Task<Map?> ReadAsync(string id, Map? prior, OperationContext work)
    {
        await guard.CheckAsync(prior, work.Cancel);
        var found = await handler.ReadAsync(id, prior is null ? null : Typed(prior), work);
        return found is null ? null : Planner.Refresh(Shape, Identities.Seen(Marked(found, prior ?? Map.Empty), prior), prior);
    }

    public override async Task<Map> UpdateAsync(string id, Map prior, Map planned, OperationContext work)
    {
        await guard.CheckAsync(prior, work.Cancel);
        var state = await RunAsync(id, planned, keeping => handler.UpdateAsync(Typed(prior), Records.Read(planned, argsInfo), keeping), work);
        var recorded = Recorded(state, planned);
        if (Identities.Differ(prior, recorded))
        {
            work.Warn($"{Identities.Another(Name, id)} This resource has taken it over.");
        }
        return recorded;
    }

    public override async Task DeleteAsync(string id, Map prior, OperationContext work)
    {
        await guard.CheckAsync(prior, work.Cancel);
        var state = Typed(prior);
        if (await IsProtectedAsync(id, prior, state.Outputs, new(work.Cancel)))
        {
            throw new ResourceFailure(FailureKind.Refused, ProtectionText(id), ProtectionRemedy);
        }
        await handler.DeleteAsync(id, state, work);
    }

    protected override IEnumerable<Problem> Rules(Map inputs) => handler.Check(Records.Read(inputs, argsInfo));

    /// <summary>True if the recorded state or the object itself says that it is protected. An object that is gone is not.</summary>
    private async Task<bool> IsProtectedAsync(string id, Map? recorded, TOutputs? outputs, PreflightContext context) =>
        Shape.Inputs.Any(input => input.Protects)
        && await handler.IsProtectedAsync(id, recorded is not null && IsProtected(recorded), outputs, context);

    private async Task<State<TArgs, TOutputs>> RunAsync(
        string id, Map planned, Func<OperationContext<State<TArgs, TOutputs>>, Task<State<TArgs, TOutputs>>> operation, OperationContext work)
    {
        var keeping = work.For<State<TArgs, TOutputs>>();
        try
        {
            return await operation(keeping);
        }
        catch (Exception cause) when (keeping.Partial is not null)
        {
            throw new UnfinishedException(id, Recorded(keeping.Partial, planned), cause);
        }
    }

    private State<TArgs, TOutputs> Typed(Map state) => new(Records.Read(state, argsInfo), Records.Read(state, outputsInfo));

    /// <summary>The state to record: planned values keep the planned spelling.</summary>
    private Map Recorded(State<TArgs, TOutputs> state, Map planned) => Planner.Refresh(Shape, Marked(state, planned), planned);

    private Map Marked(State<TArgs, TOutputs> state, Map inputs)
    {
        var all = Records.Write(state.Args, argsInfo).Items.AddRange(Records.Write(state.Outputs, outputsInfo).Items);
        return Planner.MarkSecrets(Shape, new Map(all), inputs);
    }

    // A server is not queried while an input that identifies it is unknown. Secrets are not needed before the operation.
    private bool Decodable(Map planned) =>
        Shape.Inputs.All(field => !field.Required || field.Secret || planned[field.Name] is { IsKnown: true });
}
