using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Resources;

/// <summary>The recorded state of a resource: its inputs, with the values that the provider chose, and its outputs.</summary>
internal sealed record State<TArgs, TOutputs>(TArgs Args, TOutputs Outputs);

/// <summary>Implements one kind of resource. A handler gets typed records, never an unknown value or a secret marker, and does not execute previews.</summary>
internal interface IHandler<TArgs, TOutputs>
    where TArgs : class
    where TOutputs : class
{
    string Id(TArgs args);

    /// <summary>The name space in which its ids are unique; null: its kind.</summary>
    string? Space => null;

    /// <summary>Checks rules that involve several fields. All inputs are known. Pure.</summary>
    IEnumerable<Problem> Check(TArgs args) => [];

    /// <summary>Computes values at plan time, from the arguments and this machine's files. It queries no server and changes nothing.</summary>
    /// <param name="args">The arguments; those that a computed value depends on are known.</param>
    /// <param name="problems">Receives problems with the files; a value that could not be computed stays null.</param>
    /// <param name="cancel">Cancels the operation.</param>
    Task<TArgs> ComputeAtPlanAsync(TArgs args, ICollection<Problem> problems, CancellationToken cancel) => Task.FromResult(args);

    /// <summary>Returns further help for a problem; null when there is none. It only reads.</summary>
    /// <param name="problem">The problem.</param>
    /// <param name="input">Returns a string input by its name; null when it is not known.</param>
    /// <param name="cancel">Cancels the operation.</param>
    Task<Message?> HintAsync(Problem problem, Func<string, string?> input, CancellationToken cancel) => Task.FromResult<Message?>(null);

    /// <summary>The name of the instance that the resource creates; null when it creates none.</summary>
    string? Creates(TArgs args) => null;

    /// <summary>
    /// True if that instance is a new server, not the record of one that others run, so that it contains nothing of a former server of its name.
    /// </summary>
    bool CreatesServer => false;

    /// <summary>What would be lost with the resource, as a sentence for a preview; null when nothing.</summary>
    Task<Message?> LossAsync(TArgs args, CancellationToken cancel) => Task.FromResult<Message?>(null);

    /// <summary>
    /// True if the object exists and is protected: by the recorded state (<paramref name="isRecorded"/>) or by what it says itself. Null
    /// <paramref name="outputs"/> are not known: any object with the id is meant.
    /// </summary>
    Task<bool> IsProtectedAsync(string id, bool isRecorded, TOutputs? outputs, PreflightContext context) => Task.FromResult(false);

    /// <summary>
    /// Finds further reasons why a deletion would fail. It only reads. There is none if the object is gone already. Null <paramref name="args"/>, the recorded
    /// inputs, are not known.
    /// </summary>
    Task<IReadOnlyList<Problem>> RemovalAsync(string id, TArgs? args, PreflightContext context) => Task.FromResult<IReadOnlyList<Problem>>([]);

    /// <summary>Finds reasons why the operation would fail. It only reads. Values that the provider chooses may still be missing.</summary>
    Task<IReadOnlyList<Problem>> PreflightAsync(State<TArgs, TOutputs>? prior, TArgs planned, PreflightContext context);

    Task<State<TArgs, TOutputs>> CreateAsync(TArgs planned, OperationContext<State<TArgs, TOutputs>> work);

    /// <summary>Reads the object. Without a prior state this is an import, which has only the id.</summary>
    /// <returns>The state; null when the object is gone.</returns>
    Task<State<TArgs, TOutputs>?> ReadAsync(string id, State<TArgs, TOutputs>? prior, OperationContext work);

    Task<State<TArgs, TOutputs>> UpdateAsync(State<TArgs, TOutputs> prior, TArgs planned, OperationContext<State<TArgs, TOutputs>> work);

    /// <summary>Deletes the object. Succeeds if it is gone already; fails if it cannot be reached.</summary>
    Task DeleteAsync(string id, State<TArgs, TOutputs> prior, OperationContext work);
}
