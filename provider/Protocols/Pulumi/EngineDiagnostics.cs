using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Progress;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Sends messages to the engine, for the row of one resource. Callers do not wait for them.</summary>
internal sealed class EngineDiagnostics(EngineLog log, string urn) : IDiagnostics
{
    public void Warn(Message text) => _ = log.WarnAsync(urn, text);

    public void Report(Step step, TimeSpan? left) => _ = log.ReportAsync(urn, step, left);
}
