using PgFleet.Failures;
using PgFleet.Operations;
using PgFleet.Progress;
using Tfplugin6;

namespace PgFleet.Protocols.Terraform;

/// <summary>Logs steps, and adds warnings to the response: Terraform shows no progress but "Still creating".</summary>
internal sealed partial class LogDiagnostics(ILogger log, string type, ICollection<Diagnostic> warnings) : IDiagnostics
{
    public void Warn(Message text)
    {
        lock (warnings)
        {
            warnings.Add(TerraformErrors.Warning(type, text));
        }
    }

    public void Report(Step step, TimeSpan? left) => LogStep(log, type, StepText.Of(step, left));

    [LoggerMessage(LogLevel.Information, "{Type}: {Step}")]
    private static partial void LogStep(ILogger log, string type, string step);
}
