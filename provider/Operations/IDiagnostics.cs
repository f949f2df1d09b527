using PgFleet.Failures;
using PgFleet.Progress;

namespace PgFleet.Operations;

/// <summary>Reports an operation's progress and warnings to the protocol's user.</summary>
internal interface IDiagnostics
{
    void Warn(Message text);

    /// <summary>Shows a step that has begun or progressed. <paramref name="left"/> is the estimated remaining time; null: unknown.</summary>
    void Report(Step step, TimeSpan? left);
}
