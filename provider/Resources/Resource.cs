using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>A kind of resource as a protocol sees it: values in, values out.</summary>
internal abstract class Resource(string name, ResourceSchema shape)
{
    public Described Described { get; } = new(name, Prose.Of(name), shape);

    public string Name => name;

    public ResourceSchema Shape => shape;

    /// <summary>The name space of its ids: two equal ids in one space refer to one object.</summary>
    public abstract string Space { get; }

    public Checked Check(Map config, Map? priorInputs, ImmutableArray<string> priorGenerated, Func<Field, string?> autoname)
    {
        var check = Checker.Check(shape, config, priorInputs, priorGenerated, autoname);
        var problems = check.Problems;
        if (problems.IsEmpty && shape.Inputs.All(field => field.Secret || check.Inputs[field.Name] is null or { IsKnown: true }))
        {
            problems = [.. Rules(check.Inputs)];
        }
        return check with { Problems = [.. problems, .. Protected(check, priorInputs)] };
    }

    /// <summary>Computes values from checked inputs and this machine's files; they are unknown while an input is.</summary>
    public abstract Task<PlanComputation> ComputeAtPlanAsync(Map inputs, CancellationToken cancel);

    /// <summary>Plans a change.</summary>
    /// <param name="prior">The recorded state; null for a new resource.</param>
    /// <param name="config">The checked inputs with the computed values.</param>
    /// <param name="generated">The names of inputs that the user did not write.</param>
    /// <param name="isNew">Whether this run creates the instance of that name: an existing resource cannot have been created from it.</param>
    /// <param name="isEmptied">
    /// Whether this run creates a managed server of that name: an existing resource cannot be on it. Null where a refresh shows it.
    /// </param>
    public Plan Plan(Map? prior, Map config, ImmutableArray<string> generated, Func<string, bool>? isNew = null, Func<string, bool>? isEmptied = null) =>
        Planner.Plan(shape, prior, config, generated, isNew, isEmptied);

    /// <summary>True if the recorded state forbids destroying the resource. An unfinished one holds no data to protect.</summary>
    public bool IsProtected(Map state) => Protecting(state) is not null && !IsUnfinished(state);

    /// <summary>True if the resource is recorded as unfinished: the next update completes it.</summary>
    public bool IsUnfinished(Map state) => shape.Outputs.Any(output => output.UnfinishedValue is { } value && value.Equals(state[output.Name]));

    /// <summary>True if the archive is deleted with the server. A state from before this input existed keeps it.</summary>
    public static bool TakesArchive(Map state) => state["backup"] is Map backup && backup["onDelete"] is StringValue { Value: "delete" };

    /// <summary>The refusal to destroy a protected resource.</summary>
    public Problem Refusal(string id) => new("", $"{ProtectionText(id)} {ProtectionRemedy}");

    /// <summary>Adds helpful information to problems.</summary>
    public abstract Task<ImmutableArray<Problem>> ExplainAsync(ImmutableArray<Problem> problems, Map inputs, CancellationToken cancel);

    /// <summary>What a replacement of the resource with these inputs would lose; null when nothing.</summary>
    public abstract Task<Message?> LossAsync(Map inputs, CancellationToken cancel);

    /// <summary>The id of a resource that was recorded with these inputs.</summary>
    public abstract string IdOf(Map inputs);

    /// <summary>The id that these inputs result in; null while it is not known.</summary>
    public abstract string? FindId(Map inputs);

    /// <summary>The instance that the resource creates, when it is known: it counts as existing for the rest of the run.</summary>
    public abstract string? Creates(Map planned);

    /// <summary>See <see cref="IHandler{TArgs, TOutputs}.CreatesServer"/>.</summary>
    public abstract bool CreatesServer { get; }

    /// <summary>
    /// PostgreSQL's version for a server that uses this machine's programs: empty for the newest installed. Null: not known, or its extension files may be
    /// elsewhere.
    /// </summary>
    public string? VersionOf(Map planned) =>
        shape["postgresVersion"] is not { Input: true } || (planned["parameters"] is Map parameters && parameters["extension_control_path"] is not null) ? null
        : planned["postgresVersion"] is StringValue version ? version.Value
        : "";

    /// <summary>Finds reasons that would prevent a deletion. <paramref name="inputs"/> are the recorded ones; null: not known.</summary>
    public abstract Task<ImmutableArray<Problem>> RemovalAsync(string id, Map? inputs, PreflightContext context);

    public abstract Task<ImmutableArray<Problem>> PreflightAsync(Map? prior, Map planned, PreflightContext context);

    /// <returns>The id and the state.</returns>
    /// <exception cref="UnfinishedException">The resource exists but is unfinished.</exception>
    public abstract Task<(string Id, Map State)> CreateAsync(Map planned, OperationContext work);

    /// <returns>The state; null when the resource is gone.</returns>
    public abstract Task<Map?> ReadAsync(string id, Map? prior, OperationContext work);

    /// <exception cref="UnfinishedException">The update was only partly executed.</exception>
    public abstract Task<Map> UpdateAsync(string id, Map prior, Map planned, OperationContext work);

    public abstract Task DeleteAsync(string id, Map prior, OperationContext work);

    protected abstract IEnumerable<Problem> Rules(Map inputs);

    protected Message ProtectionText(string id) => $"{(CreatesServer ? "The server" : Message.Of($"{Term.Resource(name)}"))} \"{id}\" is protected from deletion.";

    protected Message ProtectionRemedy => $"Set {Term.Property(shape.Inputs.First(input => input.Protects).Name)} to false and apply that, then delete again.";

    /// <summary>The input by which the recorded resource is protected; a state edited by hand may contain a string.</summary>
    private Field? Protecting(Map state) =>
        shape.Inputs.FirstOrDefault(input => input.Protects && state[input.Name] is BoolValue { Value: true } or StringValue { Value: "true" });

    /// <summary>
    /// Refuses a replacement of a resource that is recorded as protected, so that turning the protection off and replacing in one step is refused too.
    /// </summary>
    private IEnumerable<Problem> Protected(Checked check, Map? priorInputs)
    {
        if (priorInputs is null || !IsProtected(priorInputs))
        {
            yield break;
        }
        foreach (var change in Plan(priorInputs, check.Inputs, check.Generated).Changes.Where(change => change.Replaces))
        {
            yield return new(
                change.Path,
                $"replaces this {Term.Resource(name)}, which is protected and would be destroyed with its data. Undo the change, or set {Term.Property(Protecting(priorInputs)!.Name)} to false in an update of its own first.");
        }
    }
}
