using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Resources;

/// <summary>What is recorded of a resource: its inputs, with every chosen value filled in, and its outputs.</summary>
internal sealed record State<TArgs, TOutputs>(TArgs Args, TOutputs Outputs);

/// <summary>How one kind of resource comes about. A handler sees typed records, never a preview, an unknown or a secret marker.</summary>
internal interface IHandler<TArgs, TOutputs>
    where TArgs : class
    where TOutputs : class
{
    string Id(TArgs args);

    /// <summary>Names the ids among which its own is unique; null: those of its kind alone.</summary>
    string? Space => null;

    /// <summary>Rules that involve several fields; every input is known. Pure.</summary>
    IEnumerable<Problem> Check(TArgs args) => [];

    /// <summary>Fills in what planning derives from the arguments and from this machine's files; asks no server and changes nothing.</summary>
    /// <param name="args">With everything known that a derived value follows.</param>
    /// <param name="problems">Takes what is wrong with the files; what could not be derived then stays null.</param>
    Task<TArgs> DeriveAsync(TArgs args, ICollection<Problem> problems, CancellationToken cancel) => Task.FromResult(args);

    /// <summary>What else helps whoever made that mistake; null when there is nothing. Looks, never touches.</summary>
    /// <param name="input">A text among the inputs, by its name; null when it is not known.</param>
    Task<string?> HintAsync(Problem problem, Func<string, string?> input, CancellationToken cancel) => Task.FromResult<string?>(null);

    /// <summary>The instance that creating it makes, if it makes one.</summary>
    string? Creates(TArgs args) => null;

    /// <summary>Whether that is a server of its own, and not the record of one that others run: what was on another of that name is not on it.</summary>
    bool MakesServer => false;

    /// <summary>What would be lost with the resource, as a sentence for a preview; null when nothing is.</summary>
    Task<string?> LossAsync(TArgs args, CancellationToken cancel) => Task.FromResult<string?>(null);

    /// <summary>Whether the thing itself records that it is protected; null where what is meant is not there, or holds nothing yet.</summary>
    /// <param name="outputs">As recorded; null where they are not known, and whatever has the id is meant.</param>
    Task<bool?> FindProtectionAsync(string id, TOutputs? outputs, PreflightContext context) => Task.FromResult<bool?>(null);

    /// <summary>What else would keep the delete from succeeding. Looks, never touches; what is gone already is no obstacle.</summary>
    /// <param name="args">As recorded; null: what is asked for is known by its id alone.</param>
    Task<IReadOnlyList<Problem>> RemovalAsync(string id, TArgs? args, PreflightContext context) => Task.FromResult<IReadOnlyList<Problem>>([]);

    /// <summary>What would keep the operation from succeeding. Looks, never touches; a chosen value may still be missing.</summary>
    Task<IReadOnlyList<Problem>> PreflightAsync(State<TArgs, TOutputs>? prior, TArgs planned, PreflightContext context);

    Task<State<TArgs, TOutputs>> CreateAsync(TArgs planned, OperationContext<State<TArgs, TOutputs>> work);

    /// <returns>Null when it is gone. Without a prior state this is an import, which has the id alone.</returns>
    Task<State<TArgs, TOutputs>?> ReadAsync(string id, State<TArgs, TOutputs>? prior, OperationContext work);

    Task<State<TArgs, TOutputs>> UpdateAsync(State<TArgs, TOutputs> prior, TArgs planned, OperationContext<State<TArgs, TOutputs>> work);

    /// <summary>What is gone already is no failure; what cannot be reached is.</summary>
    Task DeleteAsync(string id, State<TArgs, TOutputs> prior, OperationContext work);
}
