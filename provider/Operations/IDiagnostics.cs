using PgFleet.Progress;

namespace PgFleet.Operations;

/// <summary>How a protocol tells its user of the work on one resource.</summary>
internal interface IDiagnostics
{
    void Warn(string text);

    /// <param name="step">What has just begun, or gone on.</param>
    /// <param name="left">How long it may still take; null when there is nothing to judge by.</param>
    void Show(Step step, TimeSpan? left);
}
