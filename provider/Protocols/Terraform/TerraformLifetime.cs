using System.Runtime.InteropServices;

namespace PgFleet.Protocols.Terraform;

/// <summary>Signals that a terminal sends to every process of a command are Terraform's to understand.</summary>
internal sealed class TerraformLifetime : IHostLifetime, IDisposable
{
    private readonly List<PosixSignalRegistration> ignored = [];

    public Task WaitForStartAsync(CancellationToken cancellationToken)
    {
        ignored.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, signal => signal.Cancel = true));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => ignored.ForEach(signal => signal.Dispose());
}
