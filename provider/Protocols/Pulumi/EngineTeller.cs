using PgFleet.Engines;

namespace PgFleet.Protocols.Pulumi;

/// <summary>Tells the engine, in the row of one resource. Nothing waits for it.</summary>
internal sealed class EngineTeller(EngineLog log, string urn) : ITeller
{
    public void Warn(string text) => _ = log.WarnAsync(urn, text);

    public void Show(Step step, TimeSpan? left) => _ = log.ShowAsync(urn, step, left);
}
