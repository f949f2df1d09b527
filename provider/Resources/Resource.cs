using System.Collections.Immutable;
using PgFleet.Failures;
using PgFleet.Progress;
using PgFleet.Schema;

namespace PgFleet.Resources;

/// <summary>One kind of resource as a protocol sees it: values in, values out.</summary>
internal abstract class Resource(string name, ResourceSchema shape)
{
    public Described Described { get; } = new(name, Prose.Of(name), shape);

    public string Name => name;

    public ResourceSchema Shape => shape;

    /// <summary>Among the ids of one space, two that are equal name one thing.</summary>
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

    /// <summary>What planning adds to checked inputs: what it derives from them and from this machine's files, unknown while an input is.</summary>
    public abstract Task<PlanComputation> DeriveAsync(Map inputs, CancellationToken cancel);

    /// <param name="config">The checked inputs, with what was derived from them.</param>
    /// <param name="isNew">Whether this run has made the instance of that name: a resource that exists cannot have been made from it.</param>
    /// <param name="isEmptied">Whether that is a server that this fleet makes: a resource that exists cannot be on it. Null where a refresh tells that.</param>
    public Plan Plan(Map? prior, Map config, ImmutableArray<string> generated, Func<string, bool>? isNew = null, Func<string, bool>? isEmptied = null) =>
        Planner.Plan(shape, prior, config, generated, isNew, isEmptied);

    /// <summary>Whether what is recorded forbids to destroy the resource. One that exists in part holds nothing to protect.</summary>
    public bool IsProtected(Map state) => Protecting(state) is not null && !IsUnfinished(state);

    /// <summary>Whether it is recorded as one that exists in part: the next update makes the rest.</summary>
    public bool IsUnfinished(Map state) => shape.Outputs.Any(output => output.UnfinishedValue is { } value && value.Equals(state[output.Name]));

    /// <summary>Whether nothing can be restored from what is recorded so once it is deleted. A state from before there was a choice keeps its archive.</summary>
    public static bool TakesArchive(Map state) => state["backup"] is Map backup && backup["onDelete"] is StringValue { Value: "delete" };

    /// <summary>Why what is protected is not destroyed.</summary>
    public Problem Refusal(string id) => new("", $"{ProtectionText(id)} {ProtectionRemedy}");

    /// <summary>The same problems, each with what else helps whoever reads it.</summary>
    public abstract Task<ImmutableArray<Problem>> ExplainAsync(ImmutableArray<Problem> problems, Map inputs, CancellationToken cancel);

    /// <summary>What a replacement of the resource with these inputs would lose; null when nothing.</summary>
    public abstract Task<string?> LossAsync(Map inputs, CancellationToken cancel);

    /// <summary>The id of the resource that was recorded with these inputs.</summary>
    public abstract string IdOf(Map inputs);

    /// <summary>The id that these inputs lead to; null while that is not known.</summary>
    public abstract string? FindId(Map inputs);

    /// <summary>The instance that creating it makes, when that is known: what counts as present for the rest of the run.</summary>
    public abstract string? Creates(Map planned);

    /// <summary>See <see cref="IHandler{TArgs, TOutputs}.MakesServer"/>.</summary>
    public abstract bool MakesServer { get; }

    /// <summary>Of a server that is made with the programs of this machine, the version of PostgreSQL: empty for the newest there is. Null: not to be told, or its files may lie elsewhere.</summary>
    public string? VersionOf(Map planned) =>
        shape["postgresVersion"] is not { Input: true } || (planned["parameters"] is Map parameters && parameters["extension_control_path"] is not null) ? null
        : planned["postgresVersion"] is StringValue version ? version.Value
        : "";

    /// <summary>What would keep it from being deleted.</summary>
    /// <param name="inputs">As recorded; null: not known.</param>
    public abstract Task<ImmutableArray<Problem>> RemovalAsync(string id, Map? inputs, PreflightContext context);

    public abstract Task<ImmutableArray<Problem>> PreflightAsync(Map? prior, Map planned, PreflightContext context);

    /// <returns>Id and state.</returns>
    /// <exception cref="UnfinishedException">It exists, but not all of it.</exception>
    public abstract Task<(string Id, Map State)> CreateAsync(Map planned, OperationContext work);

    /// <returns>Null when it is gone.</returns>
    public abstract Task<Map?> ReadAsync(string id, Map? prior, OperationContext work);

    /// <exception cref="UnfinishedException">The update was carried out in part.</exception>
    public abstract Task<Map> UpdateAsync(string id, Map prior, Map planned, OperationContext work);

    public abstract Task DeleteAsync(string id, Map prior, OperationContext work);

    protected abstract IEnumerable<Problem> Rules(Map inputs);

    protected string ProtectionText(string id) => $"{(MakesServer ? "The server" : name)} \"{id}\" is protected from deletion.";

    protected string ProtectionRemedy => $"Set {shape.Inputs.First(input => input.Protects).Name} to false and apply that, then delete again.";

    /// <summary>The input that protects the resource as it is recorded; a state that was written by hand may hold a string.</summary>
    private Field? Protecting(Map state) =>
        shape.Inputs.FirstOrDefault(input => input.Protects && state[input.Name] is BoolValue { Value: true } or StringValue { Value: "true" });

    /// <summary>Protection counts as recorded, so that turning it off and replacing in one step is refused too.</summary>
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
                $"replaces this {name}, which is protected and would be destroyed with its data. Undo the change, or set {Protecting(priorInputs)!.Name} to false in an update of its own first.");
        }
    }
}
