using PgFleet.Engines;
using PgFleet.Failures;

namespace PgFleet.Resources;

/// <summary>A resource as it is recorded: its inputs, with every chosen value filled in, and its outputs.</summary>
internal sealed record State<TArgs, TOutputs>(TArgs Args, TOutputs Outputs);

/// <summary>What a resource does. It sees typed values only: no protocol, no preview, no unknown.</summary>
internal interface IHandler<TArgs, TOutputs>
    where TArgs : class
    where TOutputs : class
{
    string Id(TArgs args);

    /// <summary>The rules of several fields. Every input is known; pure.</summary>
    IEnumerable<Problem> Check(TArgs args) => [];

    /// <summary>What would keep the plan from succeeding, as far as this run cannot mend it. Looks, and never touches.</summary>
    /// <param name="prior">Null: to be created.</param>
    /// <param name="planned">May lack chosen values.</param>
    /// <param name="work">Of the preview, or of the run before the real work.</param>
    IAsyncEnumerable<Problem> PreflightAsync(State<TArgs, TOutputs>? prior, TArgs planned, Work work);

    Task<State<TArgs, TOutputs>> CreateAsync(TArgs planned, Work<State<TArgs, TOutputs>> work);

    /// <returns>Null: it is gone.</returns>
    /// <param name="id">As <see cref="Id"/> made it.</param>
    /// <param name="prior">Null: an import.</param>
    /// <param name="work">Of the refresh.</param>
    Task<State<TArgs, TOutputs>?> ReadAsync(string id, State<TArgs, TOutputs>? prior, Work work);

    Task<State<TArgs, TOutputs>> UpdateAsync(State<TArgs, TOutputs> prior, TArgs planned, Work<State<TArgs, TOutputs>> work);

    Task DeleteAsync(string id, State<TArgs, TOutputs> prior, Work work);
}
