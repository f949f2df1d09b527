using PgFleet.Operations;
using PgFleet.Progress;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Tells the engine, in the row of one resource. Nothing waits for it.</summary>
internal sealed class EngineDiagnostics(EngineLog log, string urn) : IDiagnostics
{
    public void Warn(string text) => _ = log.WarnAsync(urn, text);

    public void Show(Step step, TimeSpan? left) => _ = log.ShowAsync(urn, step, left);
}
